import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Queryable } from "../inventory.ts";
import { idsByKey } from "../key-lookup.ts";
import type { HubRules } from "./hub-rules.ts";
import { checkLinks } from "./interface-link.ts";
import { checkMembersFollow, checkNeighbours } from "./interface-neighbours.ts";
import { clearLostPrimaries } from "./primary-address.ts";
import { checkVlanPlaces } from "./vlan-places.ts";

export const interfaceRules: HubRules = {
  async afterWrite(context, pending) {
    const { client, inventory } = context;
    const left = pending.flatMap(({ change }) => change.before?.["device"] ?? []).map(String);
    if (left.length > 0) {
      const devices = await idsByKey(client, inventory, "device", new Set(left));
      await clearLostPrimaries(context, [...devices.values()]);
    }
    return [
      ...(await checkLinks(client, "interfaces", pending)),
      ...(await checkNeighbours(client, pending)),
      ...(await checkMembersFollow(context, pending)),
      ...(await checkMode(client, pending)),
      ...(await checkVlanPlaces(client, pending)),
      ...(await checkVrf(client, pending)),
    ];
  },
};

/** Untagged needs a mode, tagged the mode that carries tags. */
async function checkMode(client: Queryable, pending: readonly PendingChange[]): Promise<Refusal[]> {
  const touched = pending.filter((change) =>
    isTouched(change, "mode", "untagged_vlan", "tagged_vlans"),
  );
  const { rows } = await client.query<{ id: string; mode: string | null }>(
    `select i.id, i.mode from interfaces i
      where i.id = any($1::uuid[])
        and (i.mode is null and i.untagged_vlan_id is not null
          or i.mode is distinct from 'tagged'
             and exists (select from interfaces_tagged_vlans m where m.interface_id = i.id))`,
    [idsOf(touched)],
  );
  return rows.map(({ id, mode }) =>
    mode === null
      ? refuse(
          id,
          "mode",
          mode,
          "An interface with VLANs needs a mode. Give access, tagged or tagged-all.",
        )
      : refuse(
          id,
          "tagged_vlans",
          mode,
          `An interface in mode ${mode} has no tagged VLANs of its own. Leave them empty, or choose the mode tagged.`,
        ),
  );
}

async function checkVrf(client: Queryable, pending: readonly PendingChange[]): Promise<Refusal[]> {
  const touched = pending.filter((change) => isTouched(change, "vrf", "device"));
  const { rows } = await client.query<{ id: string; vrf: string; device: string }>(
    `select i.id, v.name as vrf, coalesce(d.name, 'the device') as device
       from interfaces i join vrfs v on v.id = i.vrf_id join devices d on d.id = i.device_id
      where i.id = any($1::uuid[])
        and not exists (select from vrfs_devices m where m.vrf_id = v.id and m.device_id = d.id)`,
    [idsOf(touched)],
  );
  return rows.map(({ id, vrf, device }) =>
    refuse(
      id,
      "vrf",
      vrf,
      `${device} is not in the VRF ${vrf}. Add it to the VRF's devices first.`,
    ),
  );
}
