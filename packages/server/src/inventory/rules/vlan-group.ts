import { idsOf, isTouched } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { HubRules } from "./hub-rules.ts";
import { checkPlaces } from "./places.ts";
import { isWithin, readSpans } from "./vlan-range.ts";

export const vlanGroupRules: HubRules = {
  async afterWrite(context, pending) {
    const refusals: Refusal[] = await checkPlaces(context, "vlan_group", "location", pending);
    const ranged = pending.filter((change) => isTouched(change, "range"));
    const { rows } = await context.client.query<{ id: string; range: string; vids: number[] }>(
      `select g.id, g.range, array(select vid from vlans where vlan_group_id = g.id order by vid) as vids
         from vlan_groups g where g.id = any($1::uuid[])`,
      [idsOf(ranged)],
    );
    for (const { id, range, vids } of rows) {
      const spans = readSpans(range);
      const outside = spans && vids.filter((vid) => !isWithin(spans, vid));
      if (spans && outside?.length === 0) continue;
      const message = spans
        ? `The range ${range} leaves out the VLANs ${outside?.slice(0, 5).join(", ") ?? ""}. Delete or renumber those first.`
        : `${range} is no range of VLAN numbers. Give numbers from 1 to 4094, such as 1-100,200.`;
      refusals.push(refuse(id, "range", range, message));
    }
    return refusals;
  },
};
