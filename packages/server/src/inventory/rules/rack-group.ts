import { idsOf, isTouched, isUpdateOf, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Brought, HubRules, RuleContext } from "./hub-rules.ts";
import { moveAlong } from "./move-along.ts";
import { checkPlaces, findOutside, type Outside } from "./places.ts";
import { type LeftBehind, refuseEach, withoutPlanned } from "./planned.ts";
import { checkTreeCycles } from "./tree-cycles.ts";

export const rackGroupRules: HubRules = {
  async afterWrite(context, pending) {
    const moved = pending.filter((change) => isTouched(change, "parent", "location"));
    const outside = await findOutside(
      context.client,
      `select g.id, above.name as what, above.location_id as outer_id, g.location_id as inner_id
         from rack_groups g join rack_groups above on above.id = g.parent_id
        where g.id = any($1::uuid[])`,
      idsOf(moved),
    );
    return [
      ...(await checkPlaces(context, "rack_group", "location", pending)),
      ...outside.map(({ id, what, outer, inner }) =>
        refuse(
          id,
          "parent",
          what,
          `The rack group ${what} is at ${outer}, which does not contain ${inner}. Choose another parent or location.`,
        ),
      ),
      ...(await checkTreeCycles(context.client, "rack_groups", pending)),
      ...(await checkContentFollows(context, pending)),
    ];
  },
  brings: groupsAndRacksInside,
};

const movesGroup = isUpdateOf("location");

type Inside = Outside & LeftBehind & { readonly outer_id: string; readonly inner_id: string };

/** What is directly in groups and no longer within the groups' locations. */
function findContentOutside(
  { client }: RuleContext,
  model: "rack_group" | "rack",
  groups: readonly PendingChange[],
): Promise<Inside[]> {
  const [place, reference, noun] =
    model === "rack" ? ["racks", "rack_group_id", "rack"] : ["rack_groups", "parent_id", "group"];
  return findOutside<Inside>(
    client,
    `select g.id, g.name as what, g.location_id as outer_id, m.location_id as inner_id,
            m.id as other, '${noun} ' || m.name as name
       from rack_groups g join ${place} m on m.${reference} = g.id where g.id = any($1::uuid[])`,
    idsOf(groups),
  );
}

/** What a group holds goes where the group goes. */
async function* groupsAndRacksInside(
  context: RuleContext,
  pending: readonly PendingChange[],
): AsyncGenerator<Brought> {
  const moved = pending.filter(movesGroup);
  if (moved.length === 0) return;
  for (const model of ["rack_group", "rack"] as const) {
    const outside = await findContentOutside(context, model, moved);
    if (outside.length === 0) continue;
    const followers = outside.map(({ id, other, outer_id: to, inner_id: from }) => ({
      ...{ id: other, leader: id },
      ...{ from_id: from, to_id: to },
    }));
    yield await moveAlong(context, { model, field: "location" }, followers, moved);
  }
}

/** A group that a sync moves leaves nothing of it elsewhere, once the sync is through. */
async function checkContentFollows(
  context: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const moved = pending.filter(movesGroup);
  if (context.author.syncId === null || moved.length === 0) return [];
  const staying = [
    ...(await findContentOutside(context, "rack_group", moved)),
    ...(await findContentOutside(context, "rack", moved)),
  ];
  const left = await withoutPlanned(context, staying, ({ other }) => ({
    [other]: ["location", "parent", "rack_group"],
  }));
  return refuseEach(left, (content, { id, what, outer, inner }) =>
    refuse(
      id,
      "location",
      outer,
      `The rack group ${what} cannot go to ${outer}: ${content} would stay in it and at ${inner}. Move them in the same sync, or move the group in the hub, which takes them along.`,
    ),
  );
}
