import { idsByKey } from "../key-lookup.ts";
import { idsOf } from "../pending-change.ts";
import type { HubRules } from "./hub-rules.ts";
import { clearLostPrimaries } from "./primary-address.ts";

export const ipAddressToInterfaceRules: HubRules = {
  async afterWrite(context, pending) {
    const { client, inventory } = context;
    const moved = pending.filter(
      ({ change }) => change.before !== null && change.fields.some(isEnd),
    );
    if (moved.length === 0) return [];
    const left = moved.flatMap(({ change }) => change.before?.["interface"] ?? []).map(String);
    const interfaces = await idsByKey(client, inventory, "interface", new Set(left));
    const { rows } = await client.query<{ id: string }>(
      `select device_id as id from interfaces where id = any($1::uuid[])
       union
       select i.device_id from ip_address_assignments a join interfaces i on i.id = a.interface_id
        where a.id = any($2::uuid[])`,
      [[...interfaces.values()], idsOf(moved)],
    );
    await clearLostPrimaries(context, idsOf(rows));
    return [];
  },

  async beforeDelete(context, pending) {
    const ids = idsOf(pending);
    const { rows } = await context.client.query<{ id: string }>(
      `select distinct i.device_id as id from ip_address_assignments a join interfaces i on i.id = a.interface_id
        where a.id = any($1::uuid[])`,
      [ids],
    );
    await clearLostPrimaries(context, idsOf(rows), ids);
    return [];
  },
};

function isEnd(field: string): boolean {
  return field === "ip_address" || field === "interface";
}
