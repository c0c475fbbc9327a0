// A second Plumbline is the Nautobot that the hub is synced into: it speaks Nautobot's REST API.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ChangeRow } from "../../src/syncs/queries/change-rows.ts";
import { type HttpListener, listenHttp } from "../../src/listen-http.ts";
import { createTestApp, json, type TestApp } from "../rest/app.ts";
import { killMidway } from "../support/kill-midway.ts";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

let peer: TestApp;
let listener: HttpListener;
let runner: TestRunner;

beforeAll(async () => {
  peer = await createTestApp();
  listener = await listenHttp(peer.app.fetch, { host: "127.0.0.1", port: 0 });
  const answer = await peer.request("/api/tokens", json({ name: "sync" }));
  const { key } = (await answer.json()) as { key: string };
  runner = await createTestRunner({
    token: key,
    "plumbline.config.ts": `
      import { nautobot } from "@plumbline/integrations/nautobot";
      import { fromFile } from "@plumbline/plugin-kit";
      const connection = { url: "${listener.url}", token: fromFile("token") };
      export default {
        connections: {
          peer: nautobot({ ...connection, mayWrite: true }),
          "read-only": nautobot(connection),
        },
      };
    `,
  });
  await runner.work();
  await runner.run({ jobId: "example-data-source", isDryRun: false });
});

afterAll(async () => {
  await runner.close();
  await listener.close();
  await peer.close();
});

interface Page {
  readonly count: number;
  readonly results: readonly { readonly id: string }[];
}

const list = (path: string): Promise<Page> => peer.read<Page>(`/api/${path}`);
const toPeer = { jobId: "nautobot-peer-target", isDryRun: false } as const;

it("the hub is synced into it", async () => {
  const run = await runner.run(toPeer);

  expect(run).toMatchObject({ status: "applied", counts: { failed: 0, updated: 0, deleted: 0 } });
  const [counts] = await runner.query<Record<string, number>>(
    `select (select count(*)::int from devices) as "dcim/devices/",
            (select count(*)::int from interfaces) as "dcim/interfaces/",
            (select count(*)::int from ip_addresses) as "ipam/ip-addresses/",
            (select count(*)::int from ip_address_assignments) as "ipam/ip-address-to-interface/"`,
  );
  for (const [path, count] of Object.entries(counts ?? {})) {
    expect(count, path).toBeGreaterThan(0);
    expect((await list(path)).count, path).toBe(count);
  }
});

it("a device has the same primary address there, which is on the same interface of it", async () => {
  const [device] = await runner.query<{ name: string; address: string; port: string }>(
    `select d.name, host(a.host::inet) || '/' || a.mask_length as address, i.name as port
       from devices d
       join ip_addresses a on a.id = d.primary_ip4_id
       join ip_address_assignments t on t.ip_address_id = a.id
       join interfaces i on i.id = t.interface_id and i.device_id = d.id
      order by d.name limit 1`,
  );
  expect(device).toBeDefined();
  const { name, address, port } = device!;

  const query = (facts: Record<string, string>) => new URLSearchParams(facts).toString();
  const devices = await list(`dcim/devices/?${query({ name, depth: "1" })}`);
  const ofPort = query({ device: name, name: port, depth: "1", exclude_m2m: "false" });
  const ports = await list(`dcim/interfaces/?${ofPort}`);

  expect(devices.results).toMatchObject([{ primary_ip4: { address } }]);
  const onPort = expect.arrayContaining([expect.objectContaining({ address })]) as unknown;
  expect(ports.results).toMatchObject([{ ip_addresses: onPort }]);
});

it("its objects are linked from the changes that made them, and from the hub's own pages", async () => {
  const app = await createTestApp({ database: runner.database });
  const [{ id: syncId } = { id: "" }] = await runner.query<{ id: string }>(
    "select id from sync where job_id = 'nautobot-peer-target'",
  );
  const { items } = await app.read<{ items: ChangeRow[] }>(
    `/api/ssot/syncs/${syncId}/changes?model=tenant`,
  );
  const there = new Set((await list("tenancy/tenants/")).results.map(({ id }) => id));

  expect(items.length).toBeGreaterThan(0);
  for (const { targetId, objectUrl, systemObject } of items) {
    const link = {
      system: "Nautobot (peer)",
      url: `${listener.url}/tenancy/tenants/${targetId}/`,
    };
    expect(there).toContain(targetId);
    expect(systemObject).toEqual(link);
    const record = await app.read<{ systemObjects: unknown[] }>(
      `/api${objectUrl?.replace(/\/$/, "")}`,
    );
    expect(record.systemObjects).toEqual([link]);
  }
  await app.close();
});

it("then it agrees with the hub, read in either direction", async () => {
  const there = await runner.run(toPeer);
  const back = await runner.run({ jobId: "nautobot-peer", isDryRun: false });

  expect([there.status, back.status]).toEqual(["in-agreement", "in-agreement"]);
});

it("what it calls its objects is remembered, so that a renamed one is one update", async () => {
  const [tenant] = await runner.query<{ id: string; name: string }>(
    "update tenants set name = name || ' renamed' where id = (select min(id::text)::uuid from tenants) returning id, name",
  );

  const run = await runner.run(toPeer);

  expect(run).toMatchObject({ status: "applied", counts: { created: 0, updated: 1, deleted: 0 } });
  const name = encodeURIComponent(tenant?.name ?? "");
  const { results } = await list(`tenancy/tenants/?name=${name}`);
  const [pair] = await runner.query<{ remote_id: string }>(
    "select remote_id from identity where connection = 'nautobot-peer' and hub_id = $1",
    [tenant?.id],
  );
  expect(results.map(({ id }) => id)).toEqual([pair?.remote_id]);
});

it("a run killed while it writes there is resumed: the rest is sent, and nothing twice", async () => {
  const many = 3000;
  await runner.query(
    "insert into tenants (name) select 'one of many ' || n from generate_series(1, $1::int) n",
    [many],
  );
  const lost = await killMidway(runner, await runner.start(toPeer));
  expect(lost.status).toBe("lost");

  const { jobResultId } = await runner.carryOut(lost.syncId, "resume");
  const resumed = await runner.ended(jobResultId);

  expect(resumed).toMatchObject({
    status: "applied",
    counts: { created: many, failed: 0, stale: 0 },
  });
  const { rows } = await peer.database.pool.query<{ made: number; changes: number }>(
    `select count(distinct object_id) as made, count(*) as changes from object_change
      where model = 'tenant' and label like 'one of many %'`,
  );
  expect(rows).toEqual([{ made: many, changes: many }]);
  expect(await runner.run(toPeer)).toMatchObject({ status: "in-agreement" });
});

it("a plan applied later refuses only what somebody touched there, and applies the rest", async () => {
  await runner.query("insert into tenants (name) values ('late one'), ('late two')");
  const plan = await runner.run({ ...toPeer, isDryRun: true });
  expect(plan).toMatchObject({ status: "planned" });
  await peer.request("/api/tenancy/tenants/", json({ name: "late one" }));

  const applied = await runner.ended((await runner.startApply(plan.syncId)).jobResultId);

  expect(applied).toMatchObject({ status: "partial", counts: { created: 1 } });
  const [refused] = await runner.query<{ status: string; error_message: string }>(
    "select status, error_message from sync_outcome where sync_id = $1 and status <> 'applied'",
    [plan.syncId],
  );
  expect(refused).toMatchObject({
    status: "stale",
    error_message: expect.stringMatching(
      /late one was left as it is: it is there by now/,
    ) as string,
  });
  expect((await list("tenancy/tenants/?name=late%20two")).count).toBe(1);
});

it("a Nautobot that drops a value it was given has not converged, and type, field and values are named", async () => {
  const { pool } = peer.database;
  await pool.query(
    `create function drop_value() returns trigger language plpgsql as $$
     begin new.description := ''; return new; end $$`,
  );
  await pool.query(
    "create trigger drop_value before update on tenants for each row execute function drop_value()",
  );
  const [tenant] = await runner.query<{ name: string }>(
    "update tenants set description = 'a partner', version = version + 1 where id = (select min(id::text)::uuid from tenants) returning name",
  );

  const run = await runner.run(toPeer);

  expect(run).toMatchObject({ status: "not-converged", counts: { updated: 1, failed: 0 } });
  expect(run.reason).toContain(
    `Tenant ${tenant?.name ?? ""} reads back with another description than was written: null instead of "a partner"`,
  );
  await pool.query("drop trigger drop_value on tenants");
  expect(await runner.run(toPeer)).toMatchObject({ status: "applied", counts: { updated: 1 } });
});

it("what a sync wrote there is taken back, save what somebody changed there since", async () => {
  await runner.query(
    "insert into tenants (name, description) values ('back one', 'first'), ('back two', 'first')",
  );
  await runner.run(toPeer);
  await runner.query(
    "update tenants set description = 'second', version = version + 1 where name like 'back %'",
  );
  await runner.query("insert into tenants (name) values ('made there')");
  const run = await runner.run(toPeer);
  expect(run.counts).toMatchObject({ created: 1, updated: 2 });
  const { results } = await list("tenancy/tenants/?name=back%20two");
  const body = { ...json({ description: "theirs" }), method: "PATCH" };
  await peer.request(`/api/tenancy/tenants/${results[0]?.id ?? ""}/`, body);

  const { jobResultId } = await runner.carryOut(run.syncId, "rollback");
  const back = await runner.ended(jobResultId);

  expect(back).toMatchObject({ status: "held", counts: { updated: 1, deleted: 1, held: 1 } });
  expect((await list("tenancy/tenants/?name=made%20there")).count).toBe(0);
  expect((await list("tenancy/tenants/?name=back%20one")).results).toMatchObject([
    { description: "first" },
  ]);
  expect((await list("tenancy/tenants/?name=back%20two")).results).toMatchObject([
    { description: "theirs" },
  ]);
});

it("values of custom fields that both define are carried there and back", async () => {
  const custom = {
    ...{ key: "contract", label: "Contract", type: "integer" },
    content_types: ["tenancy.tenant"],
  };
  await peer.request("/api/extras/custom-fields/", json(custom));
  await runner.query(
    "insert into custom_fields (key, label, type, content_types) values ('contract', 'Contract', 'integer', '{tenancy.tenant}')",
  );
  await runner.query(
    `insert into tenants (name, custom_fields) values ('with a contract', '{"contract": 7}')`,
  );

  expect(await runner.run(toPeer)).toMatchObject({ status: "applied", counts: { failed: 0 } });

  const found = () => list("tenancy/tenants/?name=with%20a%20contract");
  const { results } = await found();
  expect(results).toMatchObject([{ custom_fields: { contract: 7 } }]);
  expect(await runner.run(toPeer)).toMatchObject({ status: "in-agreement" });
  const body = { ...json({ custom_fields: { contract: 8 } }), method: "PATCH" };
  await peer.request(`/api/tenancy/tenants/${results[0]?.id ?? ""}/`, body);

  const back = await runner.run({ jobId: "nautobot-peer", isDryRun: false });

  expect(back).toMatchObject({ status: "applied", counts: { created: 0, updated: 1 } });
  const [tenant] = await runner.query<{ values: unknown }>(
    "select custom_fields as values from tenants where name = 'with a contract'",
  );
  expect(tenant?.values).toEqual({ contract: 8 });
});

it("a connection that may not be written is no target", async () => {
  await expect(runner.start({ jobId: "nautobot-read-only-target" })).rejects.toThrow(
    /nautobot-read-only-target/,
  );
});
