import { idsOf, isTouched, isUpdateOf, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Brought, HubRules, RuleContext } from "./hub-rules.ts";
import { type Follower, moveAlong } from "./move-along.ts";
import { checkPlaces, findOutside } from "./places.ts";
import { type LeftBehind, refuseEach, withoutPlanned } from "./planned.ts";

export const rackRules: HubRules = {
  async afterWrite(context, pending) {
    const { client } = context;
    const refusals: Refusal[] = await checkPlaces(context, "rack", "location", pending);

    const moved = pending.filter((change) => isTouched(change, "location", "rack_group"));
    const outside = await findOutside(
      client,
      `select r.id, g.name as what, g.location_id as outer_id, r.location_id as inner_id
         from racks r join rack_groups g on g.id = r.rack_group_id where r.id = any($1::uuid[])`,
      idsOf(moved),
    );
    for (const { id, what, outer, inner } of outside) {
      refusals.push(
        refuse(
          id,
          "rack_group",
          what,
          `The rack group ${what} is at ${outer}, which does not contain ${inner}. Choose another group or location.`,
        ),
      );
    }

    refusals.push(...(await checkDevicesFollow(context, pending)));

    const measured = pending.filter((change) =>
      isTouched(change, "outer_width", "outer_depth", "outer_unit"),
    );
    const unitless = await client.query<{ id: string }>(
      `select id from racks where id = any($1::uuid[]) and outer_unit is null
          and (outer_width is not null or outer_depth is not null)`,
      [idsOf(measured)],
    );
    for (const { id } of unitless.rows) {
      refusals.push(
        refuse(id, "outer_unit", null, "An outer width or depth needs its unit. Give mm or in."),
      );
    }

    const lowered = pending.filter(
      ({ change }) => change.action === "update" && change.fields.includes("u_height"),
    );
    const tooLow = await client.query<{ id: string; height: number; top: number; device: string }>(
      `select distinct on (r.id) r.id, r.u_height as height, d.position + t.u_height - 1 as top,
              coalesce(d.name, 'an unnamed device') as device
         from racks r join devices d on d.rack_id = r.id join device_types t on t.id = d.device_type_id
        where r.id = any($1::uuid[]) and d.position + t.u_height - 1 > r.u_height
        order by r.id, top desc`,
      [idsOf(lowered)],
    );
    for (const { id, height, top, device } of tooLow.rows) {
      refusals.push(
        refuse(
          id,
          "u_height",
          height,
          `The rack cannot be ${height} units high: ${device} reaches up to unit ${top}. Move the device first.`,
        ),
      );
    }
    return refusals;
  },
  brings: devicesInside,
};

const movesRack = isUpdateOf("location");

/** The devices go where their rack goes. */
async function* devicesInside(
  context: RuleContext,
  pending: readonly PendingChange[],
): AsyncGenerator<Brought> {
  const moved = pending.filter(movesRack);
  if (moved.length === 0) return;
  const { rows } = await context.client.query<Follower>(
    `select d.id, r.id as leader, d.location_id as from_id, r.location_id as to_id
       from devices d join racks r on r.id = d.rack_id
      where r.id = any($1::uuid[]) and d.location_id <> r.location_id
      order by d.name, d.id for update of d`,
    [idsOf(moved)],
  );
  if (rows.length > 0) {
    yield await moveAlong(context, { model: "device", field: "location" }, rows, moved);
  }
}

/** A rack that a sync moves leaves no device where the rack no longer is, once the sync is through. */
async function checkDevicesFollow(
  context: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  if (context.author.syncId === null) return [];
  const staying = await findOutside<LeftBehind>(
    context.client,
    `select r.id, r.name as what, d.location_id as outer_id, r.location_id as inner_id,
            d.id as other, coalesce(d.name, 'an unnamed device') as name
       from racks r join devices d on d.rack_id = r.id where r.id = any($1::uuid[])`,
    idsOf(pending.filter(movesRack)),
  );
  const left = await withoutPlanned(context, staying, ({ other }) => ({
    [other]: ["location", "rack"],
  }));
  return refuseEach(left, (devices, { id, what, outer, inner }) =>
    refuse(
      id,
      "location",
      inner,
      `Rack ${what} cannot go to ${inner}: ${devices} would stay in it and at ${outer}. Move them in the same sync, or move the rack in the hub, which takes them along.`,
    ),
  );
}
