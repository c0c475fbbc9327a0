// Syncs that move what others stand in: they take nothing along that was not reviewed, and leave nothing behind.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestApp, json, type TestApp } from "../rest/app.ts";
import { createTestRunner, type EndedRun, type TestRunner } from "../support/runner.ts";
import { decide } from "../../src/syncs/decisions/decide.ts";

const job = `
import { readFileSync } from "node:fs";
import * as hub from "@plumbline/models";
import { defineDataSource, variable } from "@plumbline/plugin-kit";

const all = [
  hub.Status, hub.Role, hub.LocationType, hub.Location, hub.RackGroup, hub.Rack, hub.Manufacturer, hub.DeviceType,
  hub.Device, hub.Namespace, hub.Prefix, hub.IPAddress,
];
const variables = { estate: variable.text({ label: "Estate file", required: true }) };
const source = ({ variables: { estate } }) => {
  const records = JSON.parse(readFileSync(String(estate), "utf8"));
  const models = all.filter(({ name }) => name in records);
  return {
    name: "Estate",
    models,
    provides: (model) => model.names.filter((name) =>
      model.keyNames.includes(name) || records[model.name].some((record) => name in record)),
    async *load() {
      for (const model of models) {
        for (const { id, ...values } of records[model.name]) yield model.record(values, { id });
      }
    },
  };
};
const without = (...names) => all.filter(({ name }) => !names.includes(name));
const common = { system: "Estate", variables, source, deleteCeiling: { percent: 100 } };
export default [
  defineDataSource({ ...common, id: "estate", title: "Estate", models: all }),
  defineDataSource({ ...common, id: "racks", title: "Racks", models: without("device") }),
];
`;

let runner: TestRunner;
let app: TestApp;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `export default { hideExampleJobs: true, jobsFolder: "jobs" };\n`,
    "jobs/estate.ts": job,
  });
  app = await createTestApp({ database: runner.database });
  await runner.work();
});
afterAll(async () => {
  await app.close();
  await runner.close();
});
beforeEach(async () => {
  await runner.query(
    `truncate statuses, roles, location_types, locations, rack_groups, racks, manufacturers, device_types, devices,
       namespaces, prefixes, ip_addresses, identity, object_change, hub_claim cascade`,
  );
});

const models = [
  ...["dcim.location", "dcim.rack", "dcim.rackgroup", "dcim.device", "ipam.prefix"],
  "ipam.ipaddress",
];
const status = "Active";

interface Places {
  readonly group?: string;
  readonly rack?: string;
  readonly devices?: readonly [name: string, location: string][];
  /** In which room there is a cage with a rack of the group. */
  readonly cage?: string;
  readonly namespace?: string;
  readonly addresses?: readonly [host: string, namespace: string][];
}

/** An estate of two rooms, with where things stand: a rack of a group, its devices, a prefix and its addresses. */
const estate = ({ group = "L1", rack = "L1", cage, devices = [], ...net }: Places): object => ({
  status: [{ id: "s", name: status, content_types: models }],
  role: [{ id: "r", name: "Switch", content_types: ["dcim.device"] }],
  location_type: [{ id: "t", name: "Room", nestable: true, content_types: models }],
  location: [
    ...["L1", "L2"].map((name) => ({ id: name, name, location_type: "Room", status })),
    ...(cage === undefined
      ? []
      : [{ id: "Cage", name: "Cage", parent: [cage], location_type: "Room", status }]),
  ],
  rack_group: [{ id: "g", name: "G", location: group }],
  rack: [
    { id: "k", name: "R1", location: rack, rack_group: ["G", group], status },
    ...(cage === undefined
      ? []
      : [{ id: "c", name: "R2", location: ["Cage", [cage]], rack_group: ["G", group], status }]),
  ],
  manufacturer: [{ id: "m", name: "Acme" }],
  device_type: [{ id: "d", manufacturer: "Acme", model: "S", u_height: 1 }],
  device: devices.map(([name, location], index) => ({
    ...{ id: name, name, location, status, role: "Switch", device_type: ["Acme", "S"] },
    ...{ rack: ["R1", ["G", group], rack], position: index + 1, face: "front" },
  })),
  namespace: ["Red", "Blue"].map((name) => ({ id: name, name })),
  prefix: [{ id: "p", namespace: net.namespace ?? "Red", prefix: "10.0.0.0/8", status }],
  ip_address: (net.addresses ?? []).map(([host, namespace]) => ({
    ...{ id: host, host, namespace, mask_length: 8, status },
  })),
});

const run = async (places: Places, more: Partial<Parameters<TestRunner["run"]>[0]> = {}) => {
  const content = estate(places) as Record<string, unknown>;
  if (more.jobId === "racks") delete content["device"];
  const path = await runner.installation.write("estate.json", JSON.stringify(content));
  return runner.run({ jobId: "estate", isDryRun: false, variables: { estate: path }, ...more });
};

const places = async () =>
  Object.fromEntries(
    (
      await runner.query<{ name: string; at: string }>(
        `select x.name, l.name as at
           from (select name, location_id from rack_groups union all select name, location_id from racks
                 union all select name, location_id from devices) x
           join locations l on l.id = x.location_id`,
      )
    ).map(({ name, at }) => [name, at]),
  );

const problems = async ({ syncId }: EndedRun, table = "sync_outcome") =>
  Object.fromEntries(
    (
      await runner.query<{ label: string; what: string }>(
        `select c.label, r.status || ': ' || r.error_message as what
           from ${table} r join sync_change c using (sync_id, position)
          where sync_id = $1 and r.status <> 'applied' order by c.position`,
        [syncId],
      )
    ).map(({ label, what }) => [label, what]),
  );

/** Moves the only object of a table to L2, as a person does. */
async function moveInHub(path: string, table: string): Promise<void> {
  const [row] = await runner.query<{ id: string; to: string }>(
    `select x.id, l.id as to from ${table} x, locations l where l.name = 'L2'`,
  );
  const body = json({ location: row?.to }, "PATCH");
  const answer = await app.request(`/api/dcim/${path}/${String(row?.id)}/`, body);
  expect(answer.status).toBe(200);
}

const bo = { id: null, name: "bo" };
const before: Places = {
  devices: [
    ["a", "L1"],
    ["b", "L1"],
  ],
};
const after: Places = {
  group: "L2",
  rack: "L2",
  devices: [
    ["a", "L2"],
    ["b", "L2"],
  ],
};

it("a sync that moves a rack group, its rack and its devices moves each once, by its own change", async () => {
  await run(before);
  const ids = await runner.query("select id from devices order by id");

  const moved = await run(after);

  expect(moved).toMatchObject({ status: "applied", counts: { updated: 4, created: 0, failed: 0 } });
  expect(await places()).toEqual({ G: "L2", R1: "L2", a: "L2", b: "L2" });
  expect(await runner.query("select id from devices order by id")).toEqual(ids);
  const changes = await runner.query(
    "select count(*)::int as times, sync_id from object_change where model = 'device' and action = 'update' group by sync_id",
  );
  expect(changes).toEqual([{ times: 2, sync_id: moved.syncId }]);
  expect(await run(after)).toMatchObject({ status: "in-agreement" });
});

it("what was reviewed is what is applied, and is taken back as it was", async () => {
  await run(before);
  const dry = await run(after, { isDryRun: true });
  expect(await problems(dry, "sync_rehearsal")).toEqual({});
  const { jobResultId } = await runner.startApply(dry.syncId);
  expect(await runner.ended(jobResultId)).toMatchObject({ status: "applied" });
  expect(await places()).toEqual({ G: "L2", R1: "L2", a: "L2", b: "L2" });

  const back = await runner.carryOut(dry.syncId, "rollback");
  expect(await runner.ended(back.jobResultId)).toMatchObject({ status: "applied" });
  expect(await places()).toEqual({ G: "L1", R1: "L1", a: "L1", b: "L1" });
});

const rack = "R1 (G (L1), L1)";
const refusal = (devices: string) =>
  `failed: Rack R1 cannot go to L2: ${devices} would stay in it and at L1. Move them in the same sync, or move the rack in the hub, which takes them along.`;

it("a rack is not moved away from a device that the source leaves where it is, and the dry run says so", async () => {
  await run(before);
  const strayed: Places = {
    ...after,
    devices: [
      ["a", "L2"],
      ["b", "L1"],
    ],
  };
  const dry = await run(strayed, { isDryRun: true });
  const foreseen = await problems(dry, "sync_rehearsal");
  expect(foreseen).toMatchObject({ [rack]: refusal("b") });
  const real = await run(strayed);
  expect(real.status).toBe("partial");
  expect(await problems(real)).toEqual(foreseen);
  expect(await places()).toMatchObject({ R1: "L1", a: "L1", b: "L1" });
});

it("a rack is not moved away from a device whose move somebody rejected", async () => {
  await run(before);
  const { syncId } = await run(after, { isDryRun: true });
  const [b] = await runner.query<{ position: number }>(
    "select position from sync_change where sync_id = $1 and label = 'b (L1)'",
    [syncId],
  );
  const reject = { verdict: "reject" as const, positions: [Number(b?.position)] };
  expect(await decide(runner.database, syncId, reject, bo)).toMatchObject({ decided: 1 });
  const { jobResultId } = await runner.startApply(syncId);
  const applied = await runner.ended(jobResultId);
  expect(applied.status).toBe("partial");
  expect(await problems(applied)).toMatchObject({ [rack]: refusal("b") });
  expect(await places()).toMatchObject({ R1: "L1", a: "L1", b: "L1" });
});

it("a rack is not moved away from devices that the source knows nothing of; moved in the hub, they agree", async () => {
  await run(before);
  await run(before, { jobId: "racks" });
  const moved = await run(after, { jobId: "racks" });
  expect(await problems(moved)).toEqual({ [rack]: refusal("a, b") });
  expect(await places()).toMatchObject({ R1: "L1", a: "L1", b: "L1" });

  await moveInHub("racks", "racks");
  expect(await places()).toEqual({ G: "L2", R1: "L2", a: "L2", b: "L2" });
  expect(await run(after, { jobId: "racks" })).toMatchObject({ status: "in-agreement" });
});

it("a plan made before somebody moved the rack in the hub is stale, not half true", async () => {
  await run(before);
  const dry = await run(after, { isDryRun: true });
  await moveInHub("rack-groups", "rack_groups");
  const { jobResultId } = await runner.startApply(dry.syncId);
  expect(await runner.ended(jobResultId)).toMatchObject({ status: "stale" });
  expect(await run(after)).toMatchObject({ status: "in-agreement" });
});

it("a prefix goes to another namespace with the addresses that the source moves too, and not without them", async () => {
  const net = (namespace: string, first: string, second: string): Places => ({
    namespace,
    addresses: [
      ["10.0.0.1", first],
      ["10.0.0.2", second],
    ],
  });
  await run(net("Red", "Red", "Red"));
  const strayed = await run(net("Blue", "Blue", "Red"));
  expect(await problems(strayed)).toMatchObject({
    "10.0.0.0/8 (Red)":
      "failed: No prefix of the namespace would contain 1 address (10.0.0.2) that 10.0.0.0/8 (Red) holds. Delete or move those first.",
  });
  expect(await run(net("Blue", "Blue", "Blue"))).toMatchObject({ status: "applied" });
  const rows = await runner.query(
    `select n.name, p.namespace_id = a.namespace_id as together, count(*)::int as many
       from ip_addresses a join namespaces n on n.id = a.namespace_id join prefixes p on p.id = a.parent_id
      group by 1, 2`,
  );
  expect(rows).toEqual([{ name: "Blue", together: true, many: 2 }]);
});

it("a location goes away from the group of its racks where the sync moves that too, and not without it", async () => {
  await run({ cage: "L1" });
  const alone = await run({ cage: "L2" });
  expect(await problems(alone)).toMatchObject({
    "L1 → Cage":
      "failed: L1 → Cage cannot go there: its racks R2 are of rack groups such as G at L1, which would not contain them. Give them another group first.",
  });
  const together = await run({ cage: "L2", group: "L2", rack: "L2" });
  expect(together).toMatchObject({ status: "applied", counts: { updated: 3 } });
  expect(await places()).toEqual({ G: "L2", R1: "L2", R2: "Cage" });
});
