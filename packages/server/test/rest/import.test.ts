// Imports and exports of a model's records, over HTTP.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";

interface Report {
  rows: {
    place: string;
    action: string;
    label: string | null;
    before: Record<string, unknown> | null;
    after: Record<string, unknown> | null;
    faults: { field: string | null; message: string }[];
  }[];
  counts: Record<string, number>;
  unknown: string[];
  digest: string;
  isApplied: boolean;
}

let server: TestApp;

beforeAll(async () => {
  server = await createTestApp();
  await server.database.pool.query(`
    insert into statuses (name, content_types) values ('Active', '{dcim.location,ipam.prefix}');
    insert into location_types (name, nestable) values ('Site', true);
  `);
});

afterAll(async () => {
  await server.close();
});

interface Ask {
  format?: "csv" | "yaml" | "json";
  digest?: string;
  leavesOutRefused?: boolean;
}

async function send(plural: string, text: string, ask: Ask = {}): Promise<Response> {
  return server.request(`/api/inventory/${plural}/import`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ format: "csv", text, ...ask }),
  });
}

async function report(plural: string, text: string, ask: Ask = {}): Promise<Report> {
  const answer = await send(plural, text, ask);
  const body = (await answer.json()) as Report;
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body;
}

async function names(plural: string): Promise<string[]> {
  const page = await server.read<{ items: { label: string }[] }>(`/api/inventory/${plural}`);
  return page.items.map(({ label }) => label);
}

const tenants = "name,description\r\nAcme,Rockets\r\nGlobex,\r\n";

describe("an import", () => {
  test("is shown first, and writes nothing", async () => {
    const shown = await report("tenants", tenants);
    expect(shown).toMatchObject({
      counts: { create: 2, update: 0, unchanged: 0, refused: 0 },
      isApplied: false,
    });
    expect(shown.rows[0]).toMatchObject({
      place: "tenants.csv:2",
      action: "create",
      label: "Acme",
      after: { name: "Acme", description: "Rockets" },
      faults: [],
    });
    expect(await names("tenants")).toEqual([]);
    const { rows } = await server.database.pool.query("select from object_change");
    expect(rows).toHaveLength(0);
  });

  test("does what was shown, on behalf of who asked, and has nothing to do afterwards", async () => {
    const { digest } = await report("tenants", tenants);
    expect(await report("tenants", tenants, { digest })).toMatchObject({ isApplied: true });
    expect(await names("tenants")).toEqual(["Acme", "Globex"]);
    const { rows } = await server.database.pool.query<{ user_name: string; action: string }>(
      "select user_name, action from object_change",
    );
    expect(rows).toEqual([
      { user_name: "ada", action: "create" },
      { user_name: "ada", action: "create" },
    ]);
    expect((await report("tenants", tenants)).counts).toMatchObject({ create: 0, unchanged: 2 });
  });

  test("changes only what the text speaks of; an empty cell empties", async () => {
    const text = "name,description\nAcme,\nGlobex,Domes\n";
    const { digest, rows } = await report("tenants", text);
    expect(rows).toMatchObject([
      { action: "update", before: { description: "Rockets" }, after: { description: null } },
      { action: "update", before: { description: null }, after: { description: "Domes" } },
    ]);
    await report("tenants", text, { digest });
    expect((await report("tenants", "name\nAcme\nGlobex\n")).counts).toMatchObject({
      unchanged: 2,
    });
  });

  test("says of each row what is wrong with it, and leaves it out only when asked", async () => {
    const text = JSON.stringify([
      { name: "Berlin", location_type: "Site", status: "Active" },
      { name: "Mitte", parent: { name: "Berlin" }, location_type: "Site", status: "Active" },
      { name: "Nowhere", location_type: "Site", status: "Gone" },
      { name: "Rome", location_type: "Site" },
      { name: "Paris", location_type: "Site", status: "Active", latitude: "north", colour: "red" },
      { name: "Berlin", location_type: "Site", status: "Active" },
      "Oslo",
    ]);
    const ask = { format: "json" as const };
    const shown = await report("locations", text, ask);
    expect(shown.rows.map(({ action }) => action)).toEqual([
      ...["create", "create", "refused", "refused", "refused", "refused", "refused"],
    ]);
    expect(shown.unknown).toEqual(["colour"]);
    const [, , gone, missing, bad, twice, none] = shown.rows.map(({ faults }) => faults[0]);
    expect(gone).toMatchObject({
      field: "status",
      message: expect.stringMatching(/no Status Gone/) as string,
    });
    expect(missing).toMatchObject({ field: "status" });
    expect(bad).toMatchObject({ field: "latitude" });
    expect(twice?.message).toMatch(/stands at locations\.json, entry 1 already/);
    expect(none?.message).toMatch(/not a record/);

    const { digest } = shown;
    const stopped = await send("locations", text, { ...ask, digest });
    expect(stopped.status).toBe(409);
    expect(await stopped.text()).toMatch(/5 of 7 rows are refused, and nothing was imported/);
    expect(await names("locations")).toEqual([]);
    await report("locations", text, { ...ask, digest, leavesOutRefused: true });
    expect(await names("locations")).toEqual(["Berlin", "Berlin → Mitte"]);
  });

  test("is refused whole when the hub moved after it was shown", async () => {
    const text = "- { name: Acme, description: Anvils }\n";
    const ask = { format: "yaml" as const };
    const { digest } = await report("tenants", text, ask);
    await server.database.pool.query(
      "update tenants set description = 'Traps', version = version + 1 where name = 'Acme'",
    );
    const stopped = await send("tenants", text, { ...ask, digest });
    expect(stopped.status).toBe(409);
    expect(await stopped.text()).toMatch(/no longer as it was when the import was shown/);
  });

  test("of a text that cannot be read says where", async () => {
    const broken = await send("tenants", "name,description\nAcme\n");
    expect(broken.status).toBe(400);
    expect(await broken.text()).toMatch(/tenants\.csv:2 cannot be read/);
    expect((await send("tenants", "")).status).toBe(400);
    const many = await send("tenants", `name\n${"x\n".repeat(5001)}`);
    expect(await many.text()).toMatch(/5001 rows, and an import takes 5000/);
  });
});

describe("an export", () => {
  beforeAll(async () => {
    await server.database.pool.query(
      "insert into tenants (name, description) values ('=Sum|of', '-x')",
    );
  });

  test.each(["csv", "yaml", "json"] as const)(
    "as %s is what an import finds unchanged",
    async (format) => {
      for (const plural of ["tenants", "locations", "location_types", "statuses"]) {
        const file = await server.request(`/api/inventory/${plural}/export?format=${format}`);
        expect(file.headers.get("content-disposition")).toContain(`${plural}.${format}`);
        const { counts, unknown } = await report(plural, await file.text(), { format });
        expect(counts, plural).toMatchObject({ create: 0, update: 0, refused: 0 });
        expect(counts["unchanged"]).toBeGreaterThan(0);
        expect(unknown).toEqual([]);
      }
    },
  );

  test("holds what its filter lets through, and in CSV no formula", async () => {
    const file = await server.request("/api/inventory/tenants/export?q=sum");
    expect(await file.text()).toMatch(/^name,.*\n'=Sum\|of,/);
    const places = await server.request("/api/inventory/locations/export?parent__name=Berlin");
    expect(await places.text()).toMatch(/^name,parent\.name,.*\nMitte,Berlin,/);
  });
});
