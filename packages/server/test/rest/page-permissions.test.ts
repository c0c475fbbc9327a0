// Which requests of the pages are refused to whom, and how what is not is narrowed.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { declaredRoutes } from "../../src/rest/document.ts";
import { createTestApp, json, type TestApp } from "./app.ts";
import { addPerson, type Permission, type Person } from "./people.ts";
import { seedSync } from "./seed.ts";

let server: TestApp;
const ids = new Map<string, string>();
const idOf = (name: string) => ids.get(name) ?? "";

beforeAll(async () => {
  server = await createTestApp();
  await server.database.pool.query(`
    insert into statuses (name, content_types) values ('Active', '{dcim.location}');
    insert into location_types (name, nestable) values ('Site', true);
  `);
  const group = { tenant_group: { name: "Trade" } };
  await add("tenancy/tenant-groups", { name: "Trade" });
  for (const name of ["red one", "red two"]) await add("tenancy/tenants", { name, ...group });
  await add("tenancy/tenants", { name: "blue one", description: "secret", ...group });
  const site = { location_type: { name: "Site" }, status: { name: "Active" } };
  await add("dcim/locations", { name: "Port", ...site });
  await add("dcim/locations", { name: "Quay", ...site, parent: idOf("Port") });
  await add("dcim/locations", { name: "Crane", ...site, parent: idOf("Quay") });
});

afterAll(async () => {
  await server.close();
});

async function add(path: string, body: { name: string } & Record<string, unknown>): Promise<void> {
  const answer = await server.request(`/api/${path}/`, json(body));
  const made = (await answer.json()) as { id: string };
  expect(answer.status, JSON.stringify(made)).toBe(201);
  ids.set(body.name, made.id);
}

let people = 0;
const person = (...permissions: Permission[]) =>
  addPerson(server, `person-${(people += 1)}`, permissions);

/** Tenants whose names begin with "red". */
const red: Permission = {
  ...{ types: ["tenancy.tenant"], actions: ["view"] },
  constraints: { name__startswith: "red" },
};

interface Items {
  items: { label: string; values: Record<string, unknown>; children?: number }[];
  total: number;
}

async function itemsOf(who: Person, path: string): Promise<Items> {
  const { status, body } = await who.ask("GET", `/api/inventory/${path}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as Items;
}

const labels = ({ items }: Items) => items.map(({ label }) => label);

describe("a user without permissions", () => {
  let nobody: Person;
  beforeAll(async () => {
    nobody = await person();
  });

  /** Paths that are anybody's who is signed in, and the way in. */
  const free = /^\/api\/(session|setup|tokens(\/\{id\})?|status|models|search)$/;

  test.for(declaredRoutes.map(({ method, path }) => [method, path] as const))(
    "%s %s",
    async ([method, path]) => {
      if (free.test(path)) return;
      const url = path
        .replaceAll("{plural}", "tenants")
        .replaceAll(/\{\w+\}/g, "00000000-0000-4000-8000-000000000000");
      const { status, body } = await nobody.ask(method.toUpperCase(), url);
      expect([status, body]).toEqual([
        403,
        {
          error: {
            code: "not-allowed",
            message: expect.stringMatching(
              /^You may not do this: it needs a permission to (view|run|delete) [a-z_]+\.[a-z]+\. An administrator grants it\.$/,
            ) as string,
          },
        },
      ]);
    },
  );

  test("finds nothing, and is told what they may", async () => {
    expect(await nobody.ask("GET", "/api/search?q=red")).toEqual({
      status: 200,
      body: { items: [], more: [] },
    });
    expect(await nobody.ask("GET", "/api/session")).toEqual({
      status: 200,
      body: { user: { name: nobody.name, isSuperuser: false, may: {} }, needsSetup: false },
    });
  });
});

describe("a permission for runs", () => {
  let syncId: string;
  let jobResultId: string;
  beforeAll(async () => {
    ({ syncId, jobResultId } = await seedSync(server.database.pool));
    await server.database.pool.query(
      "insert into job_log (job_result_id, level, grouping, message) values ($1, 'info', 'load', 'a line')",
      [jobResultId],
    );
  });

  const statusOf = async (who: Person, method: string, path: string) =>
    (await who.ask(method, `/api/ssot/${path}`, method === "GET" ? undefined : {})).status;

  test("to view lets nobody act", async () => {
    const viewer = await person({
      types: ["extras.job", "nautobot_ssot.sync", "extras.jobresult"],
      actions: ["view"],
    });
    expect(await statusOf(viewer, "GET", `syncs/${syncId}`)).toBe(200);
    expect(await statusOf(viewer, "GET", `job-results/${jobResultId}`)).toBe(200);
    for (const path of ["apply", "resume", "retry", "undo", "rollback", "decisions"]) {
      expect([path, await statusOf(viewer, "POST", `syncs/${syncId}/${path}`)]).toEqual([
        path,
        403,
      ]);
    }
    expect(await statusOf(viewer, "POST", `job-results/${jobResultId}/cancel`)).toBe(403);
    expect(await statusOf(viewer, "POST", `job-results/${jobResultId}/rerun`)).toBe(403);
    expect(await statusOf(viewer, "POST", "jobs/sites/run")).toBe(403);
    expect(await statusOf(viewer, "DELETE", `syncs/${syncId}`)).toBe(403);
    expect(await statusOf(viewer, "POST", "syncs/delete")).toBe(403);
  });

  test("to run lets nobody look at what runs left", async () => {
    const runner = await person({ types: ["extras.job"], actions: ["run"] });
    expect(await statusOf(runner, "POST", `syncs/${syncId}/consequences`)).toBe(403);
    expect(await statusOf(runner, "POST", `job-results/${jobResultId}/cancel`)).toBe(403);
    // Refused by nothing but the closed queue.
    expect(await statusOf(runner, "POST", "jobs/sites/run")).toBe(409);
  });

  test("is asked for the lines of a run, followed as it happens too", async () => {
    const follow = async (...types: string[]) => {
      const who = await person({ types: ["extras.jobresult", ...types], actions: ["view"] });
      const logs = await statusOf(who, "GET", `job-results/${jobResultId}/logs`);
      const events = await who.request(`/api/ssot/job-results/${jobResultId}/events`);
      return [logs, (await events.text()).match(/^event: \w+$/gm)];
    };
    expect(await follow()).toEqual([403, ["event: result", "event: end"]]);
    expect(await follow("extras.joblogentry")).toEqual([
      200,
      ["event: result", "event: logs", "event: end"],
    ]);
  });
});

describe("a constraint narrows", () => {
  let who: Person;
  beforeAll(async () => {
    who = await person(red);
  });

  test("a list with its total, in whatever order, and one object", async () => {
    for (const query of [
      "",
      "?sort=name",
      "?sort=tenant_group",
      "?q=one%20",
      "?needsTotal=false",
    ]) {
      const page = await itemsOf(who, `tenants${query}`);
      const seen = query.includes("q=") ? ["red one"] : ["red one", "red two"];
      expect([query, labels(page).toSorted(), page.total]).toEqual([query, seen, seen.length]);
    }
    expect((await who.ask("GET", `/api/inventory/tenants/${idOf("red one")}`)).status).toBe(200);
    expect((await who.ask("GET", `/api/inventory/tenants/${idOf("blue one")}`)).status).toBe(404);
  });

  test("the search and the export", async () => {
    const { body } = await who.ask("GET", "/api/search?q=one");
    expect((body as Items).items.map(({ label }) => label)).toEqual(["red one"]);
    const text = await (await who.request("/api/inventory/tenants/export?format=csv")).text();
    expect(text.match(/\w+ one|\w+ two/g)).toEqual(["red one", "red two"]);
  });

  test("what is told to refer to an object", async () => {
    const groups = await person(red, { types: ["tenancy.tenantgroup"], actions: ["view"] });
    const related = `/api/inventory/tenant_groups/related?id=${idOf("Trade")}`;
    expect(await groups.ask("GET", related)).toEqual({
      status: 200,
      body: [{ model: "tenant", field: "tenant_group", count: 2 }],
    });
    const alone = await person({ types: ["tenancy.tenantgroup"], actions: ["view"] });
    expect(await alone.ask("GET", related)).toEqual({ status: 200, body: [] });
  });

  test("a tree, whose roots are what stands below nothing that is seen", async () => {
    const low = await person({
      ...{ types: ["dcim.location"], actions: ["view"] },
      constraints: [{ name: "Quay" }, { name: "Crane" }],
    });
    const roots = await itemsOf(low, "locations/tree");
    expect([labels(roots), roots.total, roots.items[0]?.children]).toEqual([["Port → Quay"], 1, 1]);
    const below = await itemsOf(low, `locations/tree?parent=${idOf("Quay")}`);
    expect(labels(below)).toEqual(["Port → Quay → Crane"]);
    const top = await person({
      ...{ types: ["dcim.location"], actions: ["view"] },
      constraints: { name: "Port" },
    });
    const alone = await itemsOf(top, "locations/tree");
    expect([labels(alone), alone.items[0]?.children]).toEqual([["Port"], 0]);
  });

  test("objects, and not what they are said to refer to", async () => {
    const { items } = await itemsOf(who, "tenants");
    expect(items[0]?.values["tenant_group"]).toMatchObject({ name: "Trade" });
    const text = await (await who.request("/api/inventory/tenants/export?format=json")).text();
    expect((JSON.parse(text) as object[])[0]).toMatchObject({ tenant_group: "Trade" });
  });
});

test("an object tells who asks what they may do with it", async () => {
  const who = await person(
    { types: ["tenancy.tenant"], actions: ["view", "change"] },
    {
      ...{ types: ["tenancy.tenant"], actions: ["delete"] },
      constraints: { name__startswith: "red" },
    },
  );
  const mayOn = async (ask: (path: string) => Promise<unknown>, name: string) =>
    ((await ask(`/api/inventory/tenants/${idOf(name)}`)) as { may: string[] }).may;
  const asked = async (path: string) => (await who.ask("GET", path)).body;
  expect(await mayOn(asked, "red one")).toEqual(["change", "delete"]);
  expect(await mayOn(asked, "blue one")).toEqual(["change"]);
  expect(await mayOn((path) => server.read(path), "blue one")).toEqual(["change", "delete"]);
  const { items } = (await asked("/api/inventory/tenants")) as { items: { may: string[] }[] };
  expect(items.map(({ may }) => may)).toEqual([
    ["change"],
    ["change", "delete"],
    ["change", "delete"],
  ]);
});

test("the history of an object is for who may view changes", async () => {
  const changesFor = async (...types: string[]) => {
    const who = await person({ types: ["tenancy.tenant", ...types], actions: ["view"] });
    const { body } = await who.ask("GET", `/api/inventory/tenants/${idOf("red one")}`);
    return (body as { changes: unknown[] }).changes.length;
  };
  expect(await changesFor()).toBe(0);
  expect(await changesFor("extras.objectchange")).toBe(1);
});

describe("an import", () => {
  const text = "name,description\r\nred one,mine\r\nblue one,mine\r\nred new,\r\nblue new,\r\n";

  async function importAs(who: Person, more: object = {}) {
    const path = "/api/inventory/tenants/import";
    const { status, body } = await who.ask("POST", path, { format: "csv", text, ...more });
    expect(status, JSON.stringify(body)).toBe(200);
    return body as {
      digest: string;
      rows: { label: string; action: string; before: unknown; faults: { message: string }[] }[];
    };
  }

  const outcomes = ({ rows }: Awaited<ReturnType<typeof importAs>>) =>
    rows.map(({ label, action }) => `${label}: ${action}`);

  test("refuses row by row what a constraint does not allow", async () => {
    const who = await person({ ...red, actions: ["view", "add", "change"] });
    const shown = await importAs(who);
    expect(outcomes(shown)).toEqual([
      "red one: update",
      "blue one: refused",
      "red new: create",
      "blue new: refused",
    ]);
    expect(shown.rows[3]?.faults[0]?.message).toMatch(/^You may not add the Tenant blue new\./);
    expect(JSON.stringify(shown)).not.toContain("secret");
    const done = await importAs(who, { digest: shown.digest, leavesOutRefused: true });
    expect(outcomes(done)).toEqual(outcomes(shown));
    const all = await server.read<Items>("/api/inventory/tenants?sort=name");
    expect(labels(all)).toEqual(["blue one", "red new", "red one", "red two"]);
    expect(all.items.map(({ values }) => values["description"])).toEqual([
      "secret",
      null,
      "mine",
      null,
    ]);
  });

  test("refuses every change of who may only view", async () => {
    const who = await person({ types: ["tenancy.tenant"], actions: ["view"] });
    const { rows } = await importAs(who);
    expect(rows.map(({ action }) => action)).toEqual([
      "unchanged",
      "refused",
      "unchanged",
      "refused",
    ]);
    expect(rows[1]?.faults[0]?.message).toMatch(/^You may not change the Tenant blue one\./);
  });
});

test("a note is not written about what is not seen", async () => {
  const who = await person(red, { types: ["extras.note"], actions: ["view", "add"] });
  const about = (name: string) => ({
    ...{ assigned_object_type: "tenancy.tenant", assigned_object_id: idOf(name), note: "Hello" },
  });
  const write = (name: string) => who.ask("POST", "/api/extras/notes/", about(name));
  expect((await write("red one")).status).toBe(201);
  expect((await write("blue one")).status).toBe(404);
});
