import type { Queryable } from "../inventory.ts";

export interface Misfit {
  /** Of the device. */
  readonly id: string;
  readonly message: string;
}

type Row = {
  readonly id: string;
  readonly device: string;
  readonly rack: string;
  readonly first: number;
  readonly last: number;
  readonly height: number;
  readonly units: number;
  readonly other: string | null;
};

/** Of these devices, those that do not fit where they are mounted: too high, or the units are taken. */
export async function findMisfits(client: Queryable, ids: readonly string[]): Promise<Misfit[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query<Row>(
    `select distinct on (d.id) d.id, coalesce(d.name, 'an unnamed device') as device, r.name as rack,
            d.position as first, d.position + t.u_height - 1 as last, t.u_height as units,
            r.u_height as height, o.name as other
       from devices d
       join device_types t on t.id = d.device_type_id
       join racks r on r.id = d.rack_id
       left join lateral (
         select coalesce(o.name, 'an unnamed device') as name
           from devices o join device_types ot on ot.id = o.device_type_id
          where o.rack_id = d.rack_id and o.id <> d.id and o.position is not null
            and int4range(o.position, o.position + ot.u_height) && int4range(d.position, d.position + t.u_height)
            and (o.face = d.face or ot.is_full_depth or t.is_full_depth)
          limit 1) o on true
      where d.id = any($1::uuid[]) and d.position is not null
        and (t.u_height = 0 or d.position + t.u_height - 1 > r.u_height or o.name is not null)
      order by d.id`,
    [ids],
  );
  return rows.map((row) => ({ id: row.id, message: describe(row) }));
}

function describe({ device, rack, first, last, units, height, other }: Row): string {
  if (units === 0) {
    return `${device} takes no rack units, so it has no position in rack ${rack}. Leave the position empty.`;
  }
  const place = first === last ? `unit ${first}` : `units ${first} to ${last}`;
  return other === null
    ? `${device} would take ${place} of rack ${rack}, which has ${height}. Choose a lower position.`
    : `${device} would take ${place} of rack ${rack}, where ${other} is. Move one of the two.`;
}
