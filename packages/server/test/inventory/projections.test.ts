import { Location, Namespace, Prefix, Tag, Tenant } from "@plumbline/models";
import { project } from "@plumbline/plugin-kit";
import {
  type Adapter,
  createSchema,
  keyOf,
  type Model,
  type Pairs,
  type RawRecord,
  sync,
  type SyncResult,
} from "@plumbline/sync";
import { createMemoryAdapter } from "@plumbline/sync/testing";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import { contentTypes, creates, openHub, type TestHub } from "./hub-support.ts";

let hub: TestHub;

beforeAll(async () => {
  hub = await openHub();
});
beforeEach(async () => {
  await hub.reset();
});
afterAll(() => hub.drop());

const ErpTenant = project(Tenant, { key: ["description"], fields: ["name", "tags"] });
const tenants = [ErpTenant, Tag];

/** Fills the hub with what the source has of these models, the tags as they are. */
async function fillFrom(
  models: readonly Model[],
  records: readonly RawRecord[],
  pairs?: Pairs,
): Promise<SyncResult> {
  const schema = createSchema([...models, ...hub.adapter.models.filter(isNotAmong(models))]);
  return sync({
    schema,
    models: models.filter(({ name }) => records.some((record) => record.model.name === name)),
    source: listOf(records, models),
    target: createHubAdapter(hub.database, models),
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
    pairs,
  });
}

function listOf(records: readonly RawRecord[], models: readonly Model[]): Adapter {
  return {
    name: "ERP",
    models,
    async *load() {
      yield await Promise.resolve(records);
    },
  };
}

function isNotAmong(models: readonly Model[]) {
  const names = new Set(models.map(({ name }) => name));
  return ({ name }: Model): boolean => !names.has(name);
}

const outcomesOf = ({ outcomes }: SyncResult): string[] =>
  outcomes.map(({ change, status, error }) =>
    [change.action, change.label, status, error?.message].filter((part) => part).join(" "),
  );

describe("a projection of a model of the hub", () => {
  it("creates, updates and deletes by a key of its own, and a second run finds nothing", async () => {
    await hub.fill(
      creates("tenant", { name: "Globex", description: "C2" }),
      creates("tenant", { name: "Initech", description: "C3" }),
    );
    const wanted = [
      ErpTenant.record({ description: "C1", name: "Umbrella", tags: ["edge"] }),
      ErpTenant.record({ description: "C2", name: "Globex Corporation" }),
    ];

    const first = await fillFrom(tenants, wanted);
    const second = await fillFrom(tenants, wanted);

    expect(outcomesOf(first)).toEqual([
      "update C2 applied",
      "create C1 applied",
      "delete C3 applied",
    ]);
    expect(second.changes).toEqual([]);
    const there = (await hub.load("tenant")).map(({ values }) => values);
    expect(there.map(({ name, description, tags }) => [name, description, tags])).toEqual(
      expect.arrayContaining([
        ["Acme", null, ['["edge"]']],
        ["Globex Corporation", "C2", []],
        ["Umbrella", "C1", ['["edge"]']],
      ]),
    );
    expect(there).toHaveLength(3);
  });

  it("leaves its traces in the hub's own words", async () => {
    await hub.fill(creates("tenant", { name: "Globex", description: "C2" }));
    await fillFrom(tenants, [ErpTenant.record({ description: "C2", name: "Globex Corporation" })]);
    const { rows } = await hub.database.pool.query(
      "select model, label, before, after from object_change where action = 'update'",
    );
    expect(rows).toEqual([
      {
        model: "tenant",
        label: "Globex",
        before: { name: "Globex" },
        after: { name: "Globex Corporation" },
      },
    ]);
  });

  it("follows a record whose key changed, when its id is remembered", async () => {
    await hub.fill(creates("tenant", { name: "Globex", description: "C2" }));
    const { id } = await hub.find("tenant", "Globex");
    const result = await fillFrom(
      tenants,
      [ErpTenant.record({ description: "C9", name: "Globex" }, { id: "7" })],
      () => [{ sourceId: "7", targetId: id }],
    );
    expect(outcomesOf(result)).toEqual(["update C2 applied"]);
    expect((await hub.find("tenant", "Globex")).values["description"]).toBe("C9");
  });

  it("is referred to by its key, in the keys of other models too", async () => {
    const ErpNamespace = project(Namespace, { key: ["description"], fields: ["name", "tenant"] });
    const models = [ErpTenant, ErpNamespace, Prefix];
    const wanted = [
      ErpTenant.record({ description: "C1", name: "Umbrella" }),
      ErpNamespace.record({ description: "N1", name: "Plant", tenant: "C1" }),
      Prefix.record({ namespace: "N1", prefix: "10.9.0.0/16", status: "Active", tenant: "C1" }),
    ];
    await hub.fill(creates("tenant", { name: "Globex", description: "C2" }));

    const first = await fillFrom(models, wanted);
    const second = await fillFrom(models, wanted);
    const moved = [
      ErpTenant.record({ description: "C1", name: "Umbrella" }),
      ErpTenant.record({ description: "C2", name: "Globex" }),
      wanted[1]!,
      Prefix.record({ namespace: "N1", prefix: "10.9.0.0/16", status: "Active", tenant: "C2" }),
    ];
    const third = await fillFrom(models, moved);

    expect(outcomesOf(first)).toContain("create 10.9.0.0/16 (N1) applied");
    // Of the namespaces and prefixes without a description's key nothing is deleted, being unseen.
    expect(second.changes).toEqual([]);
    expect(outcomesOf(third)).toContain("update 10.9.0.0/16 (N1) applied");
    const prefix = await hub.find("prefix", "10.9.0.0/16 (Plant)");
    expect(prefix.values).toMatchObject({ namespace: '["Plant"]', tenant: '["Globex"]' });
  });

  it("leaves alone what has no key, and says so", async () => {
    const result = await fillFrom(tenants, [ErpTenant.record({ description: "C1", name: "New" })]);
    expect(outcomesOf(result)).toEqual(["create C1 applied"]);
    expect(result.findings.map(({ message }) => message)).toEqual([
      "1 Tenant of Plumbline without description, which is the key here: Acme. They are left as they are. Give them one, or leave them out of the scope.",
    ]);
  });

  it("as a source holds deletes while some objects have no key", async () => {
    const schema = createSchema(tenants);
    const target = createMemoryAdapter("Phone book", schema, [
      ErpTenant.record({ description: "C5", name: "Old" }),
    ]);
    const run = (source: Adapter) =>
      sync({
        schema,
        models: [ErpTenant],
        source,
        target,
        isDryRun: true,
        asksDeletes: true,
        ceiling: null,
      });
    const held = await run(createHubAdapter(hub.database, tenants));
    const Known = project(Tenant, {
      key: ["description"],
      fields: ["name", "tags"],
      where: [{ field: "description", isSet: true }],
    });
    const open = await run(createHubAdapter(hub.database, [Known, Tag]));

    expect(held.changes.map(({ hold }) => hold?.guard)).toEqual(["incomplete-read"]);
    expect(open.changes.map(({ action, hold }) => [action, hold])).toEqual([["delete", null]]);
  });

  it("shields objects that share a key", async () => {
    await hub.fill(
      creates("tenant", { name: "Globex", description: "C2" }),
      creates("tenant", { name: "Globex (old)", description: "C2" }),
    );
    const result = await fillFrom(tenants, [ErpTenant.record({ description: "C2", name: "G" })]);
    expect(result.changes).toEqual([]);
    expect(result.findings.map(({ kind }) => kind)).toContain("duplicate");
  });

  it("does not take the name of an object that it does not see", async () => {
    const result = await fillFrom(tenants, [ErpTenant.record({ description: "C1", name: "Acme" })]);
    expect(outcomesOf(result)).toEqual([
      "create C1 failed The hub has the Tenant Acme already, and not as description C1. Give that one this key, or change one of the two.",
    ]);
  });

  it("says what a new object lacks", async () => {
    const Bare = project(Tenant, { key: ["description"], fields: [] });
    const result = await fillFrom([Bare], [Bare.record({ description: "C1" })]);
    expect(outcomesOf(result)).toEqual([
      "create C1 failed A new Tenant needs name, which C1 does not have. Add it to the projection, or give it in `create`.",
    ]);
  });
});

describe("a projection with hooks", () => {
  it("reads, creates and writes through them, and looks up many objects at once", async () => {
    const colors = new Map([["red", "f44336"]]);
    const Colored = project(Tenant, {
      key: ["name"],
      fields: ["description", "comments"],
      load: {
        description: (text) => text?.toLowerCase() ?? null,
        comments: async (_comments, { tags }, { lookup }) => {
          const [tag] = await Promise.all(tags.map((key) => lookup(Tag, keyOf(key))));
          return tag?.color === colors.get("red") ? "red" : null;
        },
      },
      create: () => ({ tags: ["red"] }),
      write: ({ comments: _comments, description, ...values }) => ({
        ...values,
        ...(description !== undefined && { description: description?.toUpperCase() ?? null }),
      }),
    });
    await hub.fill(creates("tag", { name: "red", color: "f44336", content_types: contentTypes }));
    const names = Array.from({ length: 300 }, (_, index) => `Tenant ${index}`);
    const wanted = [
      Colored.record({ name: "Acme" }),
      ...names.map((name) => Colored.record({ name, description: "a customer", comments: "red" })),
    ];

    const first = await fillFrom([Colored], wanted);
    const queries = await countQueries(() => fillFrom([Colored], wanted));

    expect(new Set(first.outcomes.map(({ status }) => status))).toEqual(new Set(["applied"]));
    expect(queries.result.changes).toEqual([]);
    expect(queries.count).toBeLessThan(40);
    expect((await hub.find("tenant", "Tenant 7")).values).toMatchObject({
      description: "A CUSTOMER",
      comments: null,
      tags: ['["red"]'],
    });
  });

  it("makes a finding of a value that cannot be, and leaves that record alone", async () => {
    const Long = project(Tenant, {
      key: ["name"],
      fields: ["description"],
      load: { description: () => "x".repeat(1000) },
    });
    const result = await fillFrom([Long], [Long.record({ name: "Acme", description: "y" })]);
    expect(result.changes).toEqual([]);
    expect(result.findings[0]?.message).toContain("Tenant Acme: description expected");
  });
});

describe("a projection with conditions", () => {
  const Region = project(Location, {
    name: "region",
    key: ["name"],
    fields: ["description"],
    where: [{ field: "location_type", is: "Country" }],
    create: () => ({ status: "Active" }),
  });
  const Site = project(Location, {
    name: "site",
    key: ["name"],
    fields: ["parent", "description"],
    where: [
      { field: "location_type", is: "Site" },
      { field: "status", isOneOf: ["Active", "Planned"] },
    ],
    refersTo: { parent: "region" },
    create: () => ({ status: "Active" }),
  });

  it("is one of several views of a model, and sees its own records alone", async () => {
    const models = [Site, Region];
    const wanted = [
      Region.record({ name: "Germany" }),
      Region.record({ name: "France", description: "new" }),
      Site.record({ name: "Paris", parent: "France" }),
    ];
    await hub.fill(
      creates("status", { name: "Retired", content_types: contentTypes }),
      creates("location", {
        name: "Bonn",
        parent: ["Germany"],
        location_type: "Site",
        status: "Retired",
      }),
      creates("location", { name: "Zone 1", location_type: "Zone", status: "Active" }),
    );
    await hub.database.pool.query("truncate prefixes_locations");
    await hub.database.pool.query("update namespaces set location_id = null");

    const first = await fillFrom(models, wanted);
    const second = await fillFrom(models, wanted);

    expect(outcomesOf(first)).toEqual([
      "create France applied",
      "create Paris applied",
      "delete Berlin applied",
    ]);
    expect(second.changes).toEqual([]);
    expect((await hub.load("location")).map(({ key }) => key).sort()).toEqual([
      '["Bonn",["Germany",null]]',
      '["France",null]',
      '["Germany",null]',
      '["Paris",["France",null]]',
      '["Zone 1",null]',
    ]);
  });

  it("refuses what it would not see any more", async () => {
    await hub.fill(
      creates("status", { name: "Retired", content_types: contentTypes }),
      creates("location", {
        name: "Hamburg",
        parent: ["Germany"],
        location_type: "Site",
        status: "Active",
      }),
    );
    const Living = project(Location, {
      key: ["name"],
      fields: ["status"],
      where: [
        { field: "parent", isUnder: "Germany" },
        { field: "status", is: "Active" },
      ],
    });
    const result = await fillFrom(
      [Living],
      [
        Living.record({ name: "Berlin", status: "Retired" }),
        Living.record({ name: "Hamburg", status: "Active" }),
      ],
    );
    expect(outcomesOf(result)).toEqual([
      "update Berlin failed Germany → Berlin would be none of the Locations that the job sees: `where` leaves it out. Correct the record, or what the projection makes of it.",
    ]);
    expect((await hub.find("location", "Germany → Berlin")).values["status"]).toBe('["Active"]');
  });
});

async function countQueries<T>(work: () => Promise<T>): Promise<{ result: T; count: number }> {
  let count = 0;
  const { pool } = hub.database;
  const counted = (client: pg.PoolClient): void => {
    const query = client.query.bind(client);
    client.query = ((...given: Parameters<typeof query>) => {
      count += 1;
      return query(...given);
    }) as typeof client.query;
  };
  pool.on("acquire", counted);
  const result = await work();
  pool.off("acquire", counted);
  return { result, count };
}
