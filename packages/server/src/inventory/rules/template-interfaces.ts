import { InterfaceTemplate } from "@plumbline/models";
import { type Change, keyLabel, keyOf, type Values } from "@plumbline/sync";
import type { PendingChange } from "../pending-change.ts";
import { readRecords } from "../read-records.ts";
import type { Brought, RuleContext } from "./hub-rules.ts";

/**
 * The interfaces that new devices have of their types' templates. Those of a device that a sync makes are records of
 * its source.
 */
export async function* templateInterfaces(
  context: RuleContext,
  pending: readonly PendingChange[],
): AsyncGenerator<Brought> {
  const made = pending.filter(({ change }) => change.action === "create");
  if (made.length === 0) return;
  const templates = await readTemplates(context, made);
  if (templates.size === 0) return;
  const status = await statusOfNew(context);
  const changes = new Map<Change, PendingChange>();
  for (const device of made) {
    for (const template of templates.get(String(device.row["device_type_id"])) ?? []) {
      changes.set(interfaceOf(context, device, template, status), device);
    }
  }
  yield { model: "interface", changes, named: "device_type" };
}

/** The templates of the devices' types, by the types' ids. */
async function readTemplates(
  { client, inventory }: RuleContext,
  pending: readonly PendingChange[],
): Promise<ReadonlyMap<string, readonly Values[]>> {
  const { rows } = await client.query<{ id: string; type: string }>(
    `select id, device_type_id as type from interface_templates
      where device_type_id = any($1::uuid[]) order by name`,
    [pending.map(({ row }) => row["device_type_id"])],
  );
  const ids = rows.map(({ id }) => id);
  const records = await readRecords(client, inventory, InterfaceTemplate.name, ids);
  const byType = new Map<string, Values[]>();
  for (const { id, type } of rows) {
    const template = records.get(id);
    if (template === undefined) continue;
    const known = byType.get(type);
    if (known) known.push(template);
    else byType.set(type, [template]);
  }
  return byType;
}

/** Active where interfaces may be, as Nautobot has it. */
async function statusOfNew({ client }: RuleContext): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select name from statuses where 'dcim.interface' = any(content_types)
      order by name <> 'Active', name limit 1`,
  );
  return rows[0]?.name;
}

function interfaceOf(
  { inventory: { schema } }: RuleContext,
  { change: device }: PendingChange,
  { device_type: _type, ...template }: Values,
  status: string | undefined,
): Change {
  const key = schema.encodeKey(schema.model("interface"), {
    device: keyOf(device.key),
    name: template["name"],
  });
  return {
    model: "interface",
    action: "create",
    key,
    label: keyLabel(schema, "interface", key),
    parentModel: null,
    parentKey: null,
    before: null,
    after: {
      ...template,
      device: device.key,
      ...(status !== undefined && {
        status: schema.encodeKey(schema.model("status"), { name: status }),
      }),
    },
    fields: [],
    rank: 0,
    targetId: null,
    targetVersion: null,
    sourceId: null,
  };
}
