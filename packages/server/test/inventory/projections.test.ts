import { Tag, Tenant } from "@plumbline/models";
import { project } from "@plumbline/plugin-kit";
import {
  type Adapter,
  createSchema,
  type Model,
  type Pairs,
  type RawRecord,
  sync,
  type SyncResult,
} from "@plumbline/sync";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import { creates, openHub, type TestHub } from "./hub-support.ts";

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
});
