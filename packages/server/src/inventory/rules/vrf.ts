import { idsOf, isTouched } from "../pending-change.ts";
import { refuse } from "../refusal.ts";
import type { HubRules } from "./hub-rules.ts";

export const vrfRules: HubRules = {
  async afterWrite({ client }, pending) {
    const touched = pending.filter((change) => isTouched(change, "prefixes", "namespace"));
    const { rows } = await client.query<{ id: string; prefix: string; own: string; other: string }>(
      `select distinct on (v.id) v.id, p.prefix::text as prefix, own.name as own, other.name as other
         from vrfs v
         join vrfs_prefixes m on m.vrf_id = v.id
         join prefixes p on p.id = m.prefix_id
         join namespaces own on own.id = v.namespace_id
         join namespaces other on other.id = p.namespace_id
        where v.id = any($1::uuid[]) and p.namespace_id <> v.namespace_id
        order by v.id, p.prefix`,
      [idsOf(touched)],
    );
    return rows.map(({ id, prefix, own, other }) =>
      refuse(
        id,
        "prefixes",
        prefix,
        `The VRF is of namespace ${own}, and ${prefix} of ${other}. Choose prefixes of the VRF's namespace.`,
      ),
    );
  },
};
