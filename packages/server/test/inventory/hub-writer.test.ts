import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Change, Outcome } from "@plumbline/sync";
import { createHubWriter, type HubRun } from "../../src/inventory/hub-writer.ts";
import { createHubView } from "../../src/inventory/hub-view.ts";
import { createInventory } from "../../src/inventory/inventory.ts";
import { objectChanges } from "../../src/inventory/queries.ts";
import {
  applyContext,
  collect,
  creates,
  deletes,
  openHub,
  type TestHub,
  updates,
} from "./hub-support.ts";

const run: HubRun = {
  userName: "ada",
  jobResultId: "00000000-0000-4000-8000-000000000001",
  syncId: "00000000-0000-4000-8000-000000000002",
};
let hub: TestHub;

beforeAll(async () => {
  hub = await openHub({ run });
});
beforeEach(() => hub.reset());
afterAll(() => hub.drop());

const addresses = (count: number, patch: (index: number) => object = () => ({})): Change[] =>
  Array.from({ length: count }, (_, index) =>
    creates("ip_address", {
      namespace: "Global",
      host: `10.2.${index >> 8}.${index & 255}`,
      mask_length: 24,
      status: "Active",
      ...patch(index),
    }),
  );

const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);

it("says of each change what became of it, with the new ids", async () => {
  const outcomes = await hub.apply(...addresses(3));
  expect(statuses(outcomes)).toEqual(["applied", "applied", "applied"]);
  const ids = (await hub.load("ip_address")).map(({ id }) => id);
  for (const { targetId } of outcomes) expect(ids).toContain(targetId);
});

it("singles out one bad row of a thousand and names object, field, value and cause", async () => {
  const changes = addresses(1000, (index) => (index === 617 ? { status: "Unheard-of" } : {}));
  const outcomes = await hub.apply(...changes);
  const failed = outcomes.filter(({ status }) => status !== "applied");
  expect(outcomes).toHaveLength(1000);
  expect(failed).toMatchObject([
    {
      change: { label: "10.2.2.105 (Global)" },
      status: "failed",
      error: {
        code: "unresolved-reference",
        field: "status",
        value: "Unheard-of",
        message:
          "status: the hub has no Status Unheard-of. Create it first, or correct the reference.",
      },
    },
  ]);
  expect(await hub.load("ip_address")).toHaveLength(1000);
});

it("singles out by halving what only the database refuses", async () => {
  const changes = addresses(300).map((change, index) =>
    index % 100 === 7 ? { ...change, after: { ...change.after, description: "a\u0000b" } } : change,
  );
  const failed = (await hub.apply(...changes)).filter(({ status }) => status === "failed");
  expect(failed.map(({ change }) => change.label)).toEqual([
    "10.2.0.7 (Global)",
    "10.2.0.107 (Global)",
    "10.2.0.207 (Global)",
  ]);
  expect(await hub.load("ip_address")).toHaveLength(298);
});

it("refuses an empty name", async () => {
  const [outcome] = await hub.apply(creates("tenant", { name: "" }));
  expect(outcome?.error).toMatchObject({ field: "name", message: "name must not be empty." });
});

it("changes only the fields that a change names, and counts the version up", async () => {
  const before = await hub.find("location", "Germany → Berlin");
  await hub.fill(updates(before, { description: "Capital", tags: ["core"] }));
  const after = await hub.find("location", "Germany → Berlin");
  expect(after.values).toEqual({ ...before.values, description: "Capital", tags: ['["core"]'] });
  expect(after.version).toBe("2");
});

it("clears a field that a change sets to null", async () => {
  await hub.fill(
    updates(await hub.find("location", "Germany → Berlin"), { tenant: null, tags: [] }),
  );
  const { values } = await hub.find("location", "Germany → Berlin");
  expect(values).toMatchObject({ tenant: null, tags: [] });
});

it("renames by id, and what refers to the object follows", async () => {
  const germany = await hub.find("location", "Germany");
  await hub.fill(updates(germany, { name: "Deutschland" }));
  const berlin = await hub.find("location", "Deutschland → Berlin");
  expect(berlin.version).toBe("1");
  expect((await hub.find("location", "Deutschland")).id).toBe(germany.id);
  expect((await hub.find("prefix", "10.1.0.0/16 (Global)")).values["locations"]).toEqual([
    berlin.key,
  ]);
});

it("exchanges two names in one batch", async () => {
  await hub.fill(creates("tenant", { name: "Other" }));
  const [acme, other] = [await hub.find("tenant", "Acme"), await hub.find("tenant", "Other")];
  const outcomes = await hub.apply(
    updates(acme, { name: "Other" }),
    updates(other, { name: "Acme" }),
  );
  expect(statuses(outcomes)).toEqual(["applied", "applied"]);
  expect((await hub.find("tenant", "Other")).id).toBe(acme.id);
});

it("does not let a rename take another's name", async () => {
  await hub.fill(creates("tenant", { name: "Other" }));
  const [outcome] = await hub.apply(updates(await hub.find("tenant", "Acme"), { name: "Other" }));
  expect(outcome).toMatchObject({ status: "failed", error: { code: "conflict", field: "name" } });
});

it("leaves an object alone that changed after the plan", async () => {
  const berlin = await hub.find("location", "Germany → Berlin");
  await hub.fill(updates(berlin, { description: "by somebody else" }));
  const outcomes = await hub.apply(updates(berlin, { description: "as planned" }), deletes(berlin));
  expect(statuses(outcomes)).toEqual(["stale", "stale"]);
  expect((await hub.find("location", "Germany → Berlin")).values["description"]).toBe(
    "by somebody else",
  );
});

it("calls a create stale when the object exists by then, and a delete when it is gone", async () => {
  const [tag] = [await hub.find("tag", "core")];
  const [again] = await hub.apply(creates("tag", { name: "core" }));
  expect(again?.status).toBe("stale");
  await hub.fill(updates(await hub.find("location", "Germany → Berlin"), { tags: [] }));
  expect(statuses(await hub.apply(deletes(tag)))).toEqual(["applied"]);
  expect(statuses(await hub.apply(deletes(tag)))).toEqual(["stale"]);
});

it("names what is stale in a whole plan before anything is written", async () => {
  const [berlin, acme] = [
    await hub.find("location", "Germany → Berlin"),
    await hub.find("tenant", "Acme"),
  ];
  await hub.fill(updates(berlin, { description: "by somebody else" }));
  const plan = [
    updates(berlin, { facility: "B1" }),
    updates(acme, { comments: "fine" }),
    creates("tag", { name: "edge" }),
    creates("tag", { name: "new" }),
  ];
  const stale = await hub.writer.findStale?.(plan, applyContext);
  expect(stale?.map(({ change }) => change.label).sort()).toEqual(["Germany → Berlin", "edge"]);
  expect(stale?.[0]?.reason).toBe("it was changed after the plan was made");
});

it("refuses to delete what is still used, and says by whom", async () => {
  const outcomes = await hub.apply(
    deletes(await hub.find("status", "Active")),
    deletes(await hub.find("tenant", "Acme")),
  );
  const messages = Object.fromEntries(
    outcomes.map(({ change, error }) => [change.label, error?.message]),
  );
  expect(messages["Active"]).toBe(
    "Status Active is still used by 2 Locations (status), 2 Prefixes (status), 1 IP address (status). Change or delete those first.",
  );
  expect(messages["Acme"]).toMatch(/still used by 1 Location \(tenant\), 1 Namespace \(tenant\)/);
});

it("writes an audit row for each change, with author, before and after", async () => {
  const berlin = await hub.find("location", "Germany → Berlin");
  await hub.fill(updates(berlin, { description: "Capital" }));
  const changes = await objectChanges(hub.database, "location", berlin.id);
  expect(changes).toMatchObject([
    {
      action: "update",
      user: "ada",
      // There is no record of this sync.
      syncId: null,
      jobResultId: run.jobResultId,
      label: "Germany → Berlin",
      before: { description: null },
      after: { description: "Capital" },
    },
    { action: "create", before: null, after: { name: "Berlin", parent: '["Germany",null]' } },
  ]);
});

it("writes nothing when the fence is closed", async () => {
  const writer = createHubWriter(hub.database, createHubView(createInventory(), []), {
    ...run,
    checkFence: () => Promise.reject(new Error("fenced")),
  });
  await expect(collect(writer.apply(addresses(2), applyContext))).rejects.toThrow("fenced");
  expect(await hub.load("ip_address")).toHaveLength(1);
});

it("takes the writes back when the outcomes cannot be recorded", async () => {
  const seen: string[] = [];
  const writer = createHubWriter(hub.database, createHubView(createInventory(), []), {
    ...run,
    recordOutcomes: (_client, outcomes) => {
      seen.push(...statuses(outcomes));
      return Promise.reject(new Error("no space"));
    },
  });
  await expect(collect(writer.apply(addresses(2), applyContext))).rejects.toThrow("no space");
  expect(seen).toEqual(["applied", "applied"]);
  expect(await hub.load("ip_address")).toHaveLength(1);
});

it("lets two writers cross without a loss", async () => {
  const left = addresses(400);
  const right = addresses(400, (index) => ({ host: `10.3.${index >> 8}.${index & 255}` }));
  const outcomes = await Promise.all([hub.apply(...left), hub.apply(...right)]);
  expect(new Set(statuses(outcomes.flat()))).toEqual(new Set(["applied"]));
  expect(await hub.load("ip_address")).toHaveLength(801);
});
