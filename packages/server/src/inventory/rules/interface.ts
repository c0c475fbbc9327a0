import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Queryable } from "../inventory.ts";
import { idsByKey } from "../key-lookup.ts";
import type { HubRules } from "./hub-rules.ts";
import { checkLinks } from "./interface-link.ts";
import { clearLostPrimaries } from "./primary-address.ts";

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
      ...(await checkMode(client, pending)),
      ...(await checkVlanPlaces(client, pending)),
      ...(await checkVrf(client, pending)),
    ];
  },
};

type Related = {
  readonly id: string;
  readonly type: string;
  readonly field: "lag" | "parent_interface" | "bridge";
  readonly other: string;
  readonly itself: boolean;
  readonly elsewhere: boolean;
};

/** Bundles, parents and bridges are other interfaces of the same device. */
async function checkNeighbours(
  client: Queryable,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const touched = pending.filter((change) =>
    isTouched(change, "lag", "parent_interface", "bridge", "type", "device"),
  );
  const { rows } = await client.query<Related>(
    `select i.id, i.type, r.field, o.name as other,
            o.id = i.id as itself, o.device_id <> i.device_id as elsewhere
       from interfaces i
      cross join lateral (values ('lag', i.lag_id), ('parent_interface', i.parent_interface_id),
                                 ('bridge', i.bridge_id)) r (field, id)
       join interfaces o on o.id = r.id
      where i.id = any($1::uuid[])`,
    [idsOf(touched)],
  );
  return rows.flatMap((row) => {
    const problem = describeNeighbour(row);
    return problem === null ? [] : refuse(row.id, row.field, row.other, problem);
  });
}

function describeNeighbour(row: Related): string | null {
  const { field, type, other } = row;
  const what = field === "lag" ? "LAG" : field === "bridge" ? "bridge" : "parent interface";
  if (row.itself) return `An interface cannot be its own ${what}. Choose another interface.`;
  if (row.elsewhere) {
    return `${other} is an interface of another device. Choose a ${what} on the same device.`;
  }
  if (field === "lag" && type === "virtual") {
    return "A virtual interface cannot be a member of a LAG. Leave the LAG empty.";
  }
  if (field === "parent_interface" && type !== "virtual") {
    return `An interface of type ${type} has no parent interface, only virtual ones have. Leave it empty.`;
  }
  return null;
}

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

/** A VLAN is everywhere, or at locations that contain the device. */
async function checkVlanPlaces(
  client: Queryable,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const touched = pending.filter((change) =>
    isTouched(change, "untagged_vlan", "tagged_vlans", "device"),
  );
  const { rows } = await client.query<{
    id: string;
    field: string;
    vlan: string;
    location: string;
  }>(
    `with recursive uses (id, field, vlan_id) as (
       select id, 'untagged_vlan', untagged_vlan_id from interfaces
        where id = any($1::uuid[]) and untagged_vlan_id is not null
       union all
       select interface_id, 'tagged_vlans', vlan_id from interfaces_tagged_vlans
        where interface_id = any($1::uuid[])
     ), placed as (
       select u.*, d.location_id from uses u
         join interfaces i on i.id = u.id join devices d on d.id = i.device_id
        where exists (select from vlans_locations m where m.vlan_id = u.vlan_id)
     ), way (location_id, at) as (
       select distinct location_id, location_id from placed
       union
       select w.location_id, l.parent_id from way w join locations l on l.id = w.at
        where l.parent_id is not null
     )
     select distinct on (p.id) p.id, p.field, v.vid || ' ' || v.name as vlan, l.name as location
       from placed p join vlans v on v.id = p.vlan_id join locations l on l.id = p.location_id
      where not exists (
        select from vlans_locations m join way w on w.at = m.location_id
         where m.vlan_id = p.vlan_id and w.location_id = p.location_id)
      order by p.id, v.vid`,
    [idsOf(touched)],
  );
  return rows.map(({ id, field, vlan, location }) =>
    refuse(
      id,
      field,
      vlan,
      `VLAN ${vlan} is not at ${location}, where the device is. Add a location to the VLAN, or choose another.`,
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
