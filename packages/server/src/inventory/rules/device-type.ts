import { idsOf, isTouched, isUpdateOf, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { HubRules, RuleContext } from "./hub-rules.ts";
import { type LeftBehind, refuseEach, withoutPlanned } from "./planned.ts";
import { findMisfits } from "./rack-units.ts";

export const deviceTypeRules: HubRules = {
  async afterWrite(context, pending) {
    const { client } = context;
    const sized = pending.filter((change) => isTouched(change, "u_height", "subdevice_role"));
    const refusals: Refusal[] = [];
    const children = await client.query<{ id: string; u_height: number }>(
      `select id, u_height from device_types
        where id = any($1::uuid[]) and subdevice_role = 'child' and u_height > 0`,
      [idsOf(sized)],
    );
    for (const { id, u_height: height } of children.rows) {
      refusals.push(
        refuse(
          id,
          "u_height",
          height,
          "A child device sits in a bay and takes no rack units. Give it the height 0, or another role.",
        ),
      );
    }

    refusals.push(...(await checkNoneMounted(context, pending)));

    const resized = pending.filter(isUpdateOf("u_height", "is_full_depth"));
    if (resized.length === 0) return refusals;
    const { rows } = await client.query<{ id: string; type: string }>(
      `select id, device_type_id as type from devices
        where device_type_id = any($1::uuid[]) and position is not null`,
      [idsOf(resized)],
    );
    const types = new Map(rows.map(({ id, type }) => [id, type]));
    const said = new Set<string>();
    for (const { id, message } of await findMisfits(client, [...types.keys()])) {
      const type = types.get(id);
      if (type === undefined || said.has(type)) continue;
      said.add(type);
      refusals.push(refuse(type, "u_height", null, message));
    }
    return refusals;
  },
};

/** Devices that a rack holds do not become ones that sit in a bay. */
async function checkNoneMounted(
  context: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const turned = pending.filter(isUpdateOf("subdevice_role"));
  if (turned.length === 0) return [];
  const { rows } = await context.client.query<LeftBehind>(
    `select t.id, d.id as other, coalesce(d.name, 'an unnamed device') as name
       from device_types t join devices d on d.device_type_id = t.id
      where t.id = any($1::uuid[]) and t.subdevice_role = 'child'
        and (d.position is not null or d.face is not null)`,
    [idsOf(turned)],
  );
  const left = await withoutPlanned(context, rows, ({ other }) => ({
    [other]: ["position", "face", "device_type"],
  }));
  return refuseEach(left, (devices, { id }) =>
    refuse(
      id,
      "subdevice_role",
      "child",
      `A child device sits in a bay of another, and devices of this type are mounted in a rack: ${devices}. Empty their position and face first.`,
    ),
  );
}
