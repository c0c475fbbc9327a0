import { idsOf, isTouched } from "../pending-change.ts";
import { refuse } from "../refusal.ts";
import type { HubRules } from "./hub-rules.ts";
import { checkPlaces, findOutside } from "./places.ts";
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
    ];
  },
};
