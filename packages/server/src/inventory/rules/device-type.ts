import { idsOf, isTouched } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { HubRules } from "./hub-rules.ts";
import { findMisfits } from "./rack-units.ts";

export const deviceTypeRules: HubRules = {
  async afterWrite({ client }, pending) {
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

    const resized = pending.filter(
      ({ change }) =>
        change.action === "update" &&
        (change.fields.includes("u_height") || change.fields.includes("is_full_depth")),
    );
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
