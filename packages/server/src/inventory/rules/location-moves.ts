import { idsOf, isUpdateOf, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { RuleContext } from "./hub-rules.ts";
import { findOutside, type Outside } from "./places.ts";
import { type LeftBehind, refuseEach, withoutPlanned } from "./planned.ts";
import { findVlansElsewhere } from "./vlan-places.ts";

/** The locations $1, each with those below it: as `below (id, at)`. */
const below = `with recursive below (id, at) as (
    select id, id from locations where id = any($1::uuid[])
    union
    select b.id, l.id from below b join locations l on l.parent_id = b.at
  )`;

type Torn = Outside & LeftBehind & { readonly holder: string };

/** What has to be within the location of another object, as rows that `findOutside` asks for. */
interface Tie {
  readonly query: string;
  /** The fields of the inner object and of its holder that decide where each is. */
  readonly fields: readonly string[];
  readonly describe: (inner: string, torn: Torn) => string;
}

const ties: readonly Tie[] = [
  {
    query: `${below} select b.id, h.name as what, h.location_id as outer_id, m.location_id as inner_id,
                            m.id as other, m.name, h.id as holder
       from below b join rack_groups m on m.location_id = b.at join rack_groups h on h.id = m.parent_id`,
    fields: ["location", "parent"],
    describe: (groups, { what, outer }) =>
      `its rack groups ${groups} are in groups such as ${what} at ${outer}, which would not contain them. Give them another parent first`,
  },
  {
    query: `${below} select b.id, h.name as what, h.location_id as outer_id, m.location_id as inner_id,
                            m.id as other, m.name, h.id as holder
       from below b join racks m on m.location_id = b.at join rack_groups h on h.id = m.rack_group_id`,
    fields: ["location", "rack_group"],
    describe: (racks, { what, outer }) =>
      `its racks ${racks} are of rack groups such as ${what} at ${outer}, which would not contain them. Give them another group first`,
  },
  {
    query: `${below} select b.id, m.name as what, h.location_id as outer_id, m.location_id as inner_id,
                            h.id as other, coalesce(h.name, 'an unnamed device') as name, m.id as holder
       from below b join racks m on m.location_id = b.at join devices h on h.rack_id = m.id`,
    fields: ["location", "rack"],
    describe: (devices, { what, outer }) =>
      `${devices} stand in its racks, such as ${what}, and are at ${outer}, which would not contain those. Move the devices to their racks' location first`,
  },
];

/**
 * A location is not moved away from what holds something that stays in it. Whether to move that along, or to put it
 * elsewhere, is for whoever moves the location to say.
 */
export async function checkNothingTornApart(
  context: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const moved = pending.filter(isUpdateOf("parent"));
  if (moved.length === 0) return [];
  const { client } = context;
  const labels = new Map(moved.map(({ id, change }) => [id, change.label]));
  const cannotGo = (id: string, why: string): Refusal =>
    refuse(id, "parent", null, `${labels.get(id) ?? "It"} cannot go there: ${why}.`);
  const refusals: Refusal[] = [];
  for (const { query, fields, describe } of ties) {
    const torn = await findOutside<Torn>(client, query, idsOf(moved));
    const left = await withoutPlanned(context, torn, ({ other, holder }) => ({
      [other]: fields,
      [holder]: fields,
    }));
    refusals.push(
      ...refuseEach(left, (names, first) => cannotGo(first.id, describe(names, first))),
    );
  }
  const lost = await withoutPlanned(
    context,
    await findLostVlans(context, moved),
    ({ other, vlan_id: vlan, device }) => ({
      [other]: ["untagged_vlan", "tagged_vlans", "device"],
      [vlan]: ["locations"],
      [device]: ["location"],
    }),
  );
  const describeLost = (names: string, { vlan, location }: LostVlan): string =>
    `interfaces in it (${names}) have VLANs such as ${vlan}, which would not be at ${location}. Add a location to the VLANs first`;
  refusals.push(
    ...refuseEach(lost, (names, first) => cannotGo(first.id, describeLost(names, first))),
  );
  return refusals;
}

type Port = LeftBehind & { readonly device: string };
type LostVlan = Port & {
  readonly vlan_id: string;
  readonly vlan: string;
  readonly location: string;
};

/** Interfaces below moved locations with VLANs that are not there. */
async function findLostVlans(
  { client }: RuleContext,
  moved: readonly PendingChange[],
): Promise<LostVlan[]> {
  const { rows } = await client.query<Port>(
    `${below} select b.id, i.id as other, i.name || ' of ' || coalesce(d.name, 'an unnamed device') as name,
                     d.id as device
       from below b join devices d on d.location_id = b.at join interfaces i on i.device_id = d.id
      where exists (select from vlans_locations m where m.vlan_id = i.untagged_vlan_id)
         or exists (select from interfaces_tagged_vlans t join vlans_locations m on m.vlan_id = t.vlan_id
                     where t.interface_id = i.id)`,
    [idsOf(moved)],
  );
  const ports = Map.groupBy(rows, ({ other }) => other);
  const elsewhere = await findVlansElsewhere(client, [...ports.keys()]);
  return elsewhere.flatMap(({ id, vlan_id, vlan, location }) =>
    (ports.get(id) ?? []).map((port) => ({ ...port, vlan_id, vlan, location })),
  );
}
