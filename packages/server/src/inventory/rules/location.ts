import { idsOf, isTouched } from "../pending-change.ts";
import { refuse } from "../refusal.ts";
import type { HubRules } from "./hub-rules.ts";
import { checkNothingTornApart } from "./location-moves.ts";
import { checkTreeCycles } from "./tree-cycles.ts";

type Misplaced = {
  readonly id: string;
  readonly type: string;
  readonly wanted: string | null;
  readonly nestable: boolean;
  readonly parent: string | null;
  readonly parent_type: string | null;
};

export const locationRules: HubRules = {
  fixedFields: { location_type: "Delete the location and create it again with the other type" },
  async afterWrite(context, pending) {
    const { client } = context;
    const placed = pending.filter((change) => isTouched(change, "parent", "location_type"));
    if (placed.length === 0) return [];
    const { rows } = await client.query<Misplaced>(
      `select l.id, t.name as type, wanted.name as wanted, t.nestable,
              above.name as parent, above_type.name as parent_type
         from locations l
         join location_types t on t.id = l.location_type_id
         left join location_types wanted on wanted.id = t.parent_id
         left join locations above on above.id = l.parent_id
         left join location_types above_type on above_type.id = above.location_type_id
        where l.id = any($1::uuid[])
          and not case
            when l.parent_id is null then t.parent_id is null
            else above_type.id is not distinct from t.parent_id or t.nestable and above_type.id = t.id
          end`,
      [idsOf(placed)],
    );
    return [
      ...rows.map((row) => refuse(row.id, "parent", row.parent, describe(row))),
      ...(await checkTreeCycles(client, "locations", placed)),
      ...(await checkNothingTornApart(context, placed)),
    ];
  },
};

function describe({ type, wanted, nestable, parent, parent_type: parentType }: Misplaced): string {
  const allowed = [wanted, nestable ? type : null].filter((name) => name !== null).join(" or ");
  if (parent === null) {
    return `A location of type ${type} must have a parent location of type ${allowed}. Give it one.`;
  }
  return allowed === ""
    ? `A location of type ${type} is a root and cannot be under ${parent}. Leave its parent empty.`
    : `A location of type ${type} must be under one of type ${allowed}, and ${parent} is of type ${parentType ?? "none"}. Choose another parent.`;
}
