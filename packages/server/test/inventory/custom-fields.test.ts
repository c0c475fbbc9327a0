import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import { applyContext, collect, creates, deletes, openHub, schema } from "./hub-support.ts";

let hub: Awaited<ReturnType<typeof openHub>>;

beforeAll(async () => {
  hub = await openHub();
});

afterAll(async () => {
  await hub.drop();
});

async function write(...changes: ReturnType<typeof creates>[]) {
  const writer = await hub.adapter.writer!(applyContext);
  return collect(writer.apply(changes, applyContext));
}

it("what a sync creates gets the defaults of the custom fields, or is refused for want of one", async () => {
  const definition = { content_types: ["extras.tag"], type: "integer" };
  await write(
    creates("custom_field", { ...definition, key: "rank", label: "Rank", default: 3 }),
    creates("custom_field", { ...definition, key: "idle", label: "Idle" }),
  );
  expect(await write(creates("tag", { name: "edge" }))).toMatchObject([{ status: "applied" }]);
  const { rows } = await hub.database.pool.query<{ custom_fields: unknown; after: unknown }>(
    `select t.custom_fields, c.after -> 'custom_fields' as after
       from tags t join object_change c on c.object_id = t.id`,
  );
  expect(rows).toEqual([{ custom_fields: { rank: 3 }, after: { rank: 3 } }]);

  const needed = { key: "owner", label: "Owner", type: "text", required: true };
  await write(creates("custom_field", { ...definition, ...needed }));
  const [refused, other] = await write(
    creates("tag", { name: "core" }),
    creates("tenant", { name: "Acme" }),
  );
  expect(refused).toMatchObject({
    status: "failed",
    error: {
      message:
        "Missing required custom field 'owner'. Give it a value, or give the field a default.",
    },
  });
  expect(other).toMatchObject({ status: "applied" });
});

it("what a sync brings back with its id has the custom fields it had", async () => {
  await write(
    creates("custom_field", {
      ...{ key: "shelf", label: "Shelf", type: "text", required: true, default: "A" },
      content_types: ["tenancy.tenant"],
    }),
    creates("tenant", { name: "Gone" }),
  );
  const { pool } = hub.database;
  await pool.query(`update tenants set custom_fields = '{"shelf": "Z"}' where name = 'Gone'`);
  const gone = await hub.find("tenant", "Gone");
  await write(deletes(gone));

  const run = { userName: null, jobResultId: null, syncId: randomUUID() };
  const adapter = createHubAdapter(hub.database, schema.models, { run });
  const writer = await adapter.writer!(applyContext);
  const back = { ...creates("tenant", { name: "Gone" }), targetId: gone.id };
  await collect(writer.apply([back], applyContext));
  const { rows } = await pool.query("select id, custom_fields from tenants where name = 'Gone'");
  expect(rows).toEqual([{ id: gone.id, custom_fields: { shelf: "Z" } }]);
});
