import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { HubRules, RuleContext } from "./hub-rules.ts";
import { checkPlaces, findOutside } from "./places.ts";
import { checkPrimaries } from "./primary-address.ts";
import { templateInterfaces } from "./template-interfaces.ts";
import { findMisfits } from "./rack-units.ts";

export const deviceRules: HubRules = {
  async afterWrite(context, pending) {
    return [
      ...(await checkPlaces(context, "device", "location", pending)),
      ...(await checkRack(context, pending)),
      ...(await checkPlatform(context, pending)),
      ...(await checkPrimaries(context, pending)),
    ];
  },
  brings: templateInterfaces,
};

/** Devices follow their rack's moves; a rack does not follow its devices'. */
async function checkRack(
  { client }: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const mounted = idsOf(
    pending.filter((change) =>
      isTouched(change, "rack", "location", "position", "face", "device_type"),
    ),
  );
  const { rows } = await client.query<{
    id: string;
    position: number | null;
    face: string | null;
    racked: boolean;
    child: boolean;
  }>(
    `select d.id, d.position, d.face, d.rack_id is not null as racked, t.subdevice_role = 'child' as child
       from devices d join device_types t on t.id = d.device_type_id
      where d.id = any($1::uuid[]) and (d.position is not null or d.face is not null)
        and (d.rack_id is null or d.face is null or t.subdevice_role = 'child')`,
    [mounted],
  );
  const refusals = rows.map(({ id, position, face, racked, child }) =>
    !racked || child
      ? refuse(
          id,
          position === null ? "face" : "position",
          position ?? face,
          child
            ? "A child device sits in a bay of another. Leave its position and face empty."
            : "A position or face needs a rack. Name the rack, or leave both empty.",
        )
      : refuse(id, "face", face, "A position needs a face. Give front or rear."),
  );
  const outside = await findOutside(
    client,
    `select d.id, r.name as what, d.location_id as outer_id, r.location_id as inner_id
       from devices d join racks r on r.id = d.rack_id where d.id = any($1::uuid[])`,
    mounted,
  );
  for (const { id, what, outer, inner } of outside) {
    refusals.push(
      refuse(
        id,
        "rack",
        what,
        `Rack ${what} is at ${inner}, which is not in ${outer}. Choose another rack or location.`,
      ),
    );
  }
  for (const { id, message } of await findMisfits(client, mounted)) {
    refusals.push(refuse(id, "position", null, message));
  }
  return refusals;
}

async function checkPlatform(
  { client }: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const touched = pending.filter((change) => isTouched(change, "platform", "device_type"));
  const { rows } = await client.query<{
    id: string;
    platform: string;
    wanted: string;
    found: string;
  }>(
    `select d.id, p.name as platform, wanted.name as wanted, found.name as found
       from devices d
       join platforms p on p.id = d.platform_id
       join device_types t on t.id = d.device_type_id
       join manufacturers wanted on wanted.id = p.manufacturer_id
       join manufacturers found on found.id = t.manufacturer_id
      where d.id = any($1::uuid[]) and wanted.id <> found.id`,
    [idsOf(touched)],
  );
  return rows.map(({ id, platform, wanted, found }) =>
    refuse(
      id,
      "platform",
      platform,
      `The platform ${platform} is for devices of ${wanted}, and this one is made by ${found}. Choose another platform.`,
    ),
  );
}
