import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCustomFields } from "../../../src/inventory/custom-fields/definitions.ts";
import { customFieldFilters } from "../../../src/inventory/custom-fields/filters.ts";
import { createParameters } from "../../../src/inventory/parameters.ts";
import { createTestApp, json, type TestApp } from "../app.ts";
import type { Body } from "./examples.ts";

let hub: TestApp;

async function send(method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : json(body, method);
  const answer = await hub.request(`/api/${path}`, init);
  const text = await answer.text();
  return { status: answer.status, body: (text === "" ? {} : JSON.parse(text)) as Body };
}

async function define(field: Body): Promise<Body> {
  const { status, body } = await send("POST", "extras/custom-fields/", {
    content_types: ["tenancy.tenant"],
    ...field,
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
}

const make = (name: string, custom_fields?: unknown) =>
  send("POST", "tenancy/tenants/", { name, custom_fields });
const idOf = ({ body }: { body: Body }) => String(body["id"]);

beforeAll(async () => {
  hub = await createTestApp();
  await define({ label: "Contract no.", type: "text", validation_regex: "^[A-Z]", weight: 10 });
  await define({
    ...{ label: "Seats", type: "integer", default: 5 },
    ...{ validation_minimum: 1, validation_maximum: 100 },
  });
  await define({ label: "VIP", type: "boolean" });
  await define({ label: "Since", type: "date" });
  await define({ label: "Seen", type: "datetime" });
  await define({ label: "Site", type: "url" });
  await define({ label: "Facts", type: "json" });
  await define({ label: "Words", type: "markdown", filter_logic: "exact" });
  const tier = await define({ label: "Tier", type: "select" });
  const tags = await define({ label: "Services", type: "multi-select" });
  for (const [field, values] of [
    [tier, ["gold", "silver"]],
    [tags, ["dns", "ntp", "mail"]],
  ] as const) {
    const choices = values.map((value) => ({ custom_field: field["id"], value }));
    expect((await send("POST", "extras/custom-field-choices/", choices)).status).toBe(201);
  }
});

afterAll(async () => {
  await hub.close();
});

const whole = {
  contract_no: "K-77",
  seats: 7,
  vip: true,
  since: "2024-02-29",
  seen: "2024-02-29T10:00:00.000Z",
  site: "https://acme.example",
  facts: { floors: [1, 2] },
  words: "*much* to say",
  tier: "gold",
  services: ["ntp", "dns"],
};
const nothing = Object.fromEntries(Object.keys(whole).map((key) => [key, null]));

describe("an object", () => {
  test("has every custom field of its model: what was given, the default, or nothing", async () => {
    const given = await make("Acme", { ...whole, unknown: 1 });
    expect([given.status, given.body["custom_fields"]]).toEqual([201, whole]);
    const bare = await make("Bare");
    expect(bare.body["custom_fields"]).toEqual({ ...nothing, seats: 5 });
    expect(Object.keys(bare.body["custom_fields"] as Body)[0]).toBe("contract_no");
    const other = await send("POST", "ipam/rirs/", { name: "RIPE" });
    expect(other.body["custom_fields"]).toEqual({});
  });

  test("keeps what a change does not name, and its history says what changed", async () => {
    const id = idOf(await make("Changing", { contract_no: "A", vip: false }));
    const changed = await send("PATCH", `tenancy/tenants/${id}/`, {
      custom_fields: { contract_no: "B", seats: "9" },
    });
    expect([changed.status, changed.body["custom_fields"]]).toEqual([
      200,
      { ...nothing, contract_no: "B", seats: 9, vip: false },
    ]);
    const same = { custom_fields: { contract_no: "B" }, description: "" };
    expect((await send("PATCH", `tenancy/tenants/${id}/`, same)).status).toBe(200);
    expect((await send("DELETE", `tenancy/tenants/${id}/`)).status).toBe(204);
    const log = await send("GET", `extras/object-changes/?changed_object_id=${id}&sort=line`);
    const results = log.body["results"] as Body[];
    const data = results.map(({ object_data: flat }) => (flat as Body)["custom_fields"]);
    expect(data).toMatchObject([
      { contract_no: "A", seats: 5, vip: false },
      { contract_no: "B", seats: 9, vip: false },
      { contract_no: "B", seats: 9, vip: false },
    ]);
  });

  test.each<[Body, string]>([
    [{ contract_no: 5 }, "contract_no': Value must be a string."],
    [{ contract_no: "small" }, "contract_no': Value must match regex '^[A-Z]'."],
    [{ seats: 0 }, "seats': Value must be at least 1."],
    [{ seats: 101 }, "seats': Value must not exceed 100."],
    [{ seats: "many" }, "seats': Value must be an integer."],
    [{ vip: "perhaps" }, "vip': Value must be true or false."],
    [{ since: "2023-02-29" }, "since': Date values must be in the format YYYY-MM-DD."],
    [{ tier: "lead" }, "tier': Invalid choice (lead). Available choices are: gold, silver."],
    [
      { services: ["dns", "tea"] },
      "services': Invalid choice(s) (dns, tea). Available choices are: dns, mail, ntp.",
    ],
  ])("with %j is refused", async (custom_fields, text) => {
    const refused = await make("Refused", custom_fields);
    const [key = "", message = ""] = text.split("': ");
    // In Nautobot's words, and for a form at the field.
    const said = {
      __all__: [`Invalid value for custom field '${text}`],
      [`cf_${key}`]: [message],
    };
    expect([refused.status, refused.body]).toEqual([400, said]);
  });

  test("takes custom fields by name only", async () => {
    const refused = await make("Refused", ["x"]);
    expect([refused.status, Object.keys(refused.body)]).toEqual([400, ["custom_fields"]]);
  });

  test("needs what is required when it is made, and keeps it", async () => {
    const field = await define({ label: "Cost centre", type: "text", required: true });
    const missing = await make("Without");
    expect([missing.status, missing.body]).toEqual([
      400,
      {
        __all__: [expect.stringMatching(/^Missing required custom field 'cost_centre'\./)],
        cf_cost_centre: [expect.stringMatching(/Give it a value/)],
      },
    ]);
    const id = idOf(await make("With", { cost_centre: "12" }));
    const emptied = { custom_fields: { cost_centre: null } };
    expect(await send("PATCH", `tenancy/tenants/${id}/`, emptied)).toEqual({
      status: 400,
      body: {
        __all__: ["Invalid value for custom field 'cost_centre': Required field cannot be empty."],
        cf_cost_centre: ["Required field cannot be empty."],
      },
    });
    const older = { name: "Bare" };
    const { body } = await send("GET", `tenancy/tenants/?name=${older.name}`);
    const bare = (body["results"] as Body[])[0] ?? {};
    const described = { description: "still writable" };
    expect((await send("PATCH", `tenancy/tenants/${String(bare["id"])}/`, described)).status).toBe(
      200,
    );
    expect((await send("DELETE", `extras/custom-fields/${String(field["id"])}/`)).status).toBe(204);
    const without = await send("GET", `tenancy/tenants/${id}/`);
    expect(without.body["custom_fields"]).not.toHaveProperty("cost_centre");
  });
});

describe("a custom field", () => {
  test("is called by its label where no key is given", async () => {
    const { body } = await send("GET", "extras/custom-fields/?label=Contract%20no.");
    expect((body["results"] as Body[])[0]).toMatchObject({
      ...{ key: "contract_no", display: "Contract no.", type: { value: "text", label: "Text" } },
      ...{ required: false, default: null, content_types: ["tenancy.tenant"] },
    });
  });

  test.each<[Body, string, RegExp]>([
    [{ label: "A", type: "date", validation_minimum: 1 }, "validation_minimum", /minimum value/],
    [{ label: "A", type: "boolean", validation_maximum: 1 }, "validation_maximum", /maximum/],
    [{ label: "A", type: "integer", validation_regex: "1" }, "validation_regex", /not supported/],
    [{ label: "A", type: "text", validation_regex: "(" }, "validation_regex", /no regular/],
    [{ label: "A", type: "integer", default: "x" }, "default", /must be an integer/],
    [{ label: "A", type: "select", default: "x" }, "default", /Invalid choice/],
    [{ label: "A", type: "fruit" }, "type", /fruit is not a valid choice/],
    [{ label: "A", key: "a-b", type: "text" }, "key", /./],
    [{ label: "Seats", type: "text" }, "key", /already exists/],
  ])("%j is refused", async (field, name, text) => {
    const given = { content_types: ["tenancy.tenant"], ...field };
    const refused = await send("POST", "extras/custom-fields/", given);
    expect([refused.status, refused.body]).toEqual([
      400,
      { [name]: [expect.stringMatching(text)] },
    ]);
  });

  test("keeps its key and its type", async () => {
    const { body } = await send("GET", "extras/custom-fields/?label=Seats");
    const path = `extras/custom-fields/${String((body["results"] as Body[])[0]?.["id"])}/`;
    expect((await send("PATCH", path, { key: "chairs" })).body).toHaveProperty("key");
    expect((await send("PATCH", path, { type: "text" })).body).toHaveProperty("type");
    expect((await send("PATCH", path, { label: "Seats sold" })).status).toBe(200);
  });

  test("loses no choice that an object has", async () => {
    const choice = async (value: string) => {
      const { body } = await send("GET", `extras/custom-field-choices/?value=${value}`);
      return `extras/custom-field-choices/${String((body["results"] as Body[])[0]?.["id"])}/`;
    };
    for (const value of ["gold", "ntp"]) {
      const refused = await send("DELETE", await choice(value));
      expect([refused.status, refused.body]).toEqual([
        409,
        { detail: expect.stringContaining("is in active use") as string },
      ]);
    }
    expect((await send("DELETE", await choice("mail"))).status).toBe(204);
  });

  test("has choices only where one is selected", async () => {
    const refused = await send("POST", "extras/custom-field-choices/", {
      custom_field: { key: "vip" },
      value: "x",
    });
    expect([refused.status, Object.keys(refused.body)]).toEqual([400, ["custom_field"]]);
  });
});

test("a list as CSV ends with the custom fields", async () => {
  const answer = await hub.request("/api/tenancy/tenants/?format=csv&name=Acme");
  const [head = "", row = ""] = (await answer.text()).split("\r\n");
  expect(head).toMatch(/,cf_contract_no,cf_facts,cf_seats,cf_seen,cf_services,cf_since,/);
  expect(row).toContain(
    'K-77,"{""floors"":[1,2]}",7,2024-02-29T10:00:00.000Z,"ntp,dns",2024-02-29',
  );
});

describe("a list is filtered by", () => {
  const found = async (path: string) => {
    const { status, body } = await send("GET", path);
    expect([status, body]).toEqual([200, expect.anything()]);
    return ((body["results"] ?? body["items"]) as Body[]).map(({ name }) => name);
  };

  test.each([
    ["cf_contract_no=77", ["Acme"]],
    ["cf_contract_no__n=77", ["Bare", "With"]],
    ["cf_contract_no__ie=k-77", ["Acme"]],
    ["cf_contract_no__isw=K", ["Acme"]],
    ["cf_contract_no__re=^K", ["Acme"]],
    ["cf_words=much", []],
    ["cf_words=*much* to say", ["Acme"]],
    ["cf_seats=7", ["Acme"]],
    ["cf_seats=7&cf_seats=5", ["Acme", "Bare", "With"]],
    ["cf_seats__gte=6", ["Acme"]],
    ["cf_seats__lt=6", ["Bare", "With"]],
    ["cf_vip=true", ["Acme"]],
    ["cf_vip=null", ["Bare", "With"]],
    ["cf_since=2024-02-29", ["Acme"]],
    ["cf_since__lte=2024-02-28", []],
    ["cf_since__gt=2024-02-28", ["Acme"]],
    ["cf_seen__gte=2024-02-29T10:00:00Z", ["Acme"]],
    ["cf_site=acme.ex", ["Acme"]],
    ["cf_facts=floors", ["Acme"]],
    ["cf_tier=gold&cf_tier=silver", ["Acme"]],
    ["cf_tier__n=gold", ["Bare", "With"]],
    ["cf_services=dns", ["Acme"]],
    ["cf_services__n=dns", ["Bare", "With"]],
  ])("%s, over the API and on the pages", async (query, names) => {
    const given = query.replaceAll(" ", "%20");
    expect(await found(`tenancy/tenants/?${given}`)).toEqual(names);
    expect(await found(`inventory/tenants?${given}`)).toEqual(names);
  });

  test("a custom field of what a reference names", async () => {
    const { body } = await send("GET", "tenancy/tenants/?name=Acme");
    const tenant = (body["results"] as Body[])[0]?.["id"];
    await send("POST", "ipam/namespaces/", { name: "Global", tenant });
    expect(await found("inventory/namespaces?tenant__cf_tier=gold")).toEqual(["Global"]);
    expect(await found("inventory/namespaces?tenant__cf_tier=silver")).toEqual([]);
  });

  test.each([
    ["cf_seats=many", { cf_seats: ["Value must be an integer"] }],
    ["cf_tier=lead", { cf_tier: [expect.stringMatching(/^Select a valid choice/)] }],
    ["cf_unknown=1", { cf_unknown: ["Unknown filter field"] }],
  ])("%s, and is refused", async (query, said) => {
    expect(await send("GET", `tenancy/tenants/?${query}`)).toEqual({ status: 400, body: said });
    expect((await send("GET", `inventory/tenants?${query}`)).status).toBe(400);
  });

  test("a value through the index", async () => {
    const { pool } = hub.database;
    await pool.query(
      `insert into tags (name, custom_fields)
       select 'tag ' || i, case when i % 100 = 0 then jsonb_build_object('n', i) else '{}' end
         from generate_series(1, 20000) i`,
    );
    await pool.query("analyze tags");
    await define({ label: "N", type: "integer", content_types: ["extras.tag"] });
    const filter = customFieldFilters((await readCustomFields(pool)).get("extras.tag") ?? []);
    const parameters = createParameters();
    const where = filter.get("cf_n")?.condition([500], parameters) ?? "";
    const { rows } = await pool.query<{ "QUERY PLAN": string }>(
      `explain select id from tags t where ${where}`,
      parameters.values,
    );
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch("tags_custom_fields");
  });
});

describe("a list is sorted by", () => {
  const order = async (path: string) => {
    const { status, body } = await send("GET", path);
    expect([status, body]).toEqual([200, expect.anything()]);
    return ((body["results"] ?? body["items"]) as Body[]).map(({ name }) => name);
  };

  beforeAll(async () => {
    await define({ label: "Rank", type: "integer", content_types: ["ipam.rir"] });
    await define({ label: "Day", type: "date", content_types: ["ipam.rir"] });
    for (const [name, rank, day] of [
      ["a", 10, "2024-02-01"],
      ["b", 9, "2023-12-31"],
      ["c", null, null],
      ["d", 100, "2024-01-15"],
      ["e", 9, "2023-12-31"],
    ]) {
      const custom_fields = { rank, day };
      expect((await send("POST", "ipam/rirs/", { name, custom_fields })).status).toBe(201);
    }
  });

  // What has no value comes last on the pages, and where PostgreSQL has it over the API; equals stand by name.
  test.each([
    ["cf_rank", "b,e,a,d,c", "b,e,a,d,c"],
    ["-cf_rank", "d,a,b,e,c", "c,d,a,b,e"],
    ["cf_day", "b,e,d,a,c", "b,e,d,a,c"],
    ["-cf_day", "a,d,b,e,c", "c,a,d,b,e"],
  ])("%s, on the pages and over the API", async (sort, onPages, overApi) => {
    const names = (all: unknown[]) => all.filter((name) => /^[a-e]$/.test(String(name))).join();
    expect(names(await order(`inventory/rirs?sort=${sort}`))).toBe(onPages);
    expect(names(await order(`ipam/rirs/?sort=${sort}`))).toBe(overApi);
    const whole = await order(`inventory/rirs?sort=${sort}`);
    const second = await order(`inventory/rirs?sort=${sort}&limit=2&offset=2`);
    expect(second).toEqual(whole.slice(2, 4));
  });

  test("a custom field of several words, and one that there is not, and is refused", async () => {
    expect((await send("GET", "inventory/tenants?sort=cf_services")).status).toBe(400);
    expect((await send("GET", "inventory/rirs?sort=cf_seats")).status).toBe(400);
  });
});

describe("an export and an import", () => {
  interface Report {
    readonly rows: readonly Record<string, unknown>[];
    readonly counts: Record<string, number>;
    readonly unknown: readonly string[];
    readonly digest: string;
  }
  const report = async (format: string, text: string, digest: string | null = null) => {
    const asked = { format, text, digest, leavesOutRefused: false };
    const { status, body } = await send("POST", "inventory/tenants/import", asked);
    expect([status, body]).toEqual([200, expect.anything()]);
    return body as unknown as Report;
  };
  const exported = async (format: string, query = "") =>
    (await hub.request(`/api/inventory/tenants/export?format=${format}${query}`)).text();

  test.each(["csv", "yaml", "json"])("as %s hold every custom field", async (format) => {
    const { counts, unknown } = await report(format, await exported(format));
    expect(counts).toEqual({ create: 0, update: 0, unchanged: 3, refused: 0 });
    expect(unknown).toEqual([]);
    const keys = Object.keys(whole).map((key) => `cf_${key}`);
    const text = await exported(format, "&name=Acme");
    for (const key of keys) expect(text).toContain(key);
  });

  test("set what the text gives, empty what it leaves empty, and leave alone what it does not name", async () => {
    const text = "name,cf_seats,cf_services,cf_facts\nAcme,8,dns,\nNew,,ntp|dns,[1]\n";
    const shown = await report("csv", text);
    expect(shown.rows).toMatchObject([
      {
        action: "update",
        before: {
          custom_fields: { seats: 7, services: ["ntp", "dns"], facts: { floors: [1, 2] } },
        },
        after: { custom_fields: { seats: 8, services: ["dns"], facts: null } },
      },
      { action: "create", after: { name: "New", custom_fields: { services: ["ntp", "dns"] } } },
    ]);
    await report("csv", text, shown.digest);

    const acme = (await send("GET", "tenancy/tenants/?name=Acme")).body["results"] as Body[];
    expect(acme[0]?.["custom_fields"]).toEqual({
      ...whole,
      ...{ seats: 8, services: ["dns"], facts: null },
    });
    const made = (await send("GET", "tenancy/tenants/?name=New")).body["results"] as Body[];
    expect(made[0]?.["custom_fields"]).toEqual({
      ...nothing,
      // The text speaks of it: the field's default is for texts that do not.
      ...{ seats: null, services: ["ntp", "dns"], facts: [1] },
    });
    expect((await report("csv", text)).counts).toMatchObject({ update: 0, unchanged: 2 });
  });

  test("refuse what a custom field does not take, at the field", async () => {
    const { rows, unknown } = await report(
      "json",
      JSON.stringify([
        { name: "Acme", cf_seats: "many", cf_fruit: "apple" },
        { name: "Bare", cf_tier: "lead" },
      ]),
    );
    expect(rows.map(({ faults }) => faults)).toEqual([
      [{ field: "cf_seats", message: "Value must be an integer." }],
      [
        {
          field: "cf_tier",
          message: "Invalid choice (lead). Available choices are: gold, silver.",
        },
      ],
    ]);
    expect(unknown).toEqual(["cf_fruit"]);
  });

  test("need what is required of a new object", async () => {
    const field = await define({ label: "Payer", type: "text", required: true });
    const { rows } = await report("csv", "name\nUnpaid\n");
    expect(rows).toMatchObject([{ action: "refused", faults: [{ field: "cf_payer" }] }]);
    expect((await report("csv", "name,cf_payer\nPaid,x\n")).counts).toMatchObject({ create: 1 });
    await send("DELETE", `extras/custom-fields/${String(field["id"])}/`);
  });
});

test("the document tells the filters by custom fields, as they are defined", async () => {
  const parametersOf = async (path: string) => {
    const { body } = await send("GET", "swagger.json");
    const paths = body["paths"] as Record<string, { get: { parameters: Body[] } }>;
    return paths[path]?.get.parameters.map(({ name }) => name) ?? [];
  };
  const field = await define({ label: "Told", type: "integer" });
  expect(await parametersOf("/tenancy/tenants/")).toEqual(
    expect.arrayContaining(["cf_told", "cf_told__gte"]),
  );
  expect(await parametersOf("/dcim/locations/")).not.toContain("cf_told");
  await send("DELETE", `extras/custom-fields/${String(field["id"])}/`);
  expect(await parametersOf("/tenancy/tenants/")).not.toContain("cf_told");
});
