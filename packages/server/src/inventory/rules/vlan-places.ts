import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Queryable } from "../inventory.ts";

/** A VLAN is everywhere, or at locations that contain the device. */
export async function checkVlanPlaces(
  client: Queryable,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const touched = pending.filter((change) =>
    isTouched(change, "untagged_vlan", "tagged_vlans", "device"),
  );
  return (await findVlansElsewhere(client, idsOf(touched))).map(({ id, field, vlan, location }) =>
    refuse(
      id,
      field,
      vlan,
      `VLAN ${vlan} is not at ${location}, where the device is. Add a location to the VLAN, or choose another.`,
    ),
  );
}

export interface VlanElsewhere {
  /** Of the interface. */
  readonly id: string;
  readonly field: string;
  readonly vlan_id: string;
  readonly vlan: string;
  /** Name of the location of the interface's device. */
  readonly location: string;
}

/** The VLANs of these interfaces that are not where the interface's device is. */
export async function findVlansElsewhere(
  client: Queryable,
  ids: readonly string[],
): Promise<VlanElsewhere[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query<VlanElsewhere>(
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
     select p.id, p.field, p.vlan_id, v.vid || ' ' || v.name as vlan, l.name as location
       from placed p join vlans v on v.id = p.vlan_id join locations l on l.id = p.location_id
      where not exists (
        select from vlans_locations m join way w on w.at = m.location_id
         where m.vlan_id = p.vlan_id and w.location_id = p.location_id)
      order by p.id, v.vid`,
    [ids],
  );
  return rows;
}
