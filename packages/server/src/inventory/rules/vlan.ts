import { idsOf, isTouched } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { HubRules } from "./hub-rules.ts";
import { checkPlaces } from "./places.ts";
import { isWithin, readSpans } from "./vlan-range.ts";

export const vlanRules: HubRules = {
  async afterWrite(context, pending) {
    const refusals: Refusal[] = await checkPlaces(context, "vlan", "locations", pending);
    const numbered = pending.filter((change) => isTouched(change, "vid", "vlan_group"));
    const { rows } = await context.client.query<{
      id: string;
      vid: number;
      name: string;
      range: string;
    }>(
      `select v.id, v.vid, g.name, g.range from vlans v join vlan_groups g on g.id = v.vlan_group_id
        where v.id = any($1::uuid[])`,
      [idsOf(numbered)],
    );
    for (const { id, vid, name, range } of rows) {
      if (isWithin(readSpans(range) ?? [], vid)) continue;
      refusals.push(
        refuse(
          id,
          "vid",
          vid,
          `The VLAN group ${name} is for ${range}, which leaves out ${vid}. Choose another number or group.`,
        ),
      );
    }
    return refusals;
  },
};
