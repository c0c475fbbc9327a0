import { idsOf } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { HubRules } from "./hub-rules.ts";
import { checkTreeCycles } from "./tree-cycles.ts";

/** Names taken by a model of their own. */
const reservedNames: ReadonlySet<string> = new Set(["rackgroup", "rackgroups"]);

export const locationTypeRules: HubRules = {
  async afterWrite({ client }, pending) {
    const refusals: Refusal[] = [];
    for (const { id, row } of pending) {
      const name = typeof row["name"] === "string" ? row["name"] : "";
      if (reservedNames.has(name.toLowerCase().replaceAll(" ", ""))) {
        refusals.push(
          refuse(id, "name", name, `A location type cannot be named ${name}. Choose another name.`),
        );
      }
    }
    const updates = pending.filter(({ change }) => change.action === "update");
    refusals.push(...(await checkTreeCycles(client, "location_types", pending)));

    const moved = updates.filter(({ row }) => "parent_id" in row);
    const used = await client.query<{ id: string; name: string }>(
      `select id, name from location_types t
        where id = any($1::uuid[]) and exists (select from locations where location_type_id = t.id)`,
      [idsOf(moved)],
    );
    for (const { id, name } of used.rows) {
      refusals.push(
        refuse(
          id,
          "parent",
          name,
          `The parent of location type ${name} cannot change while there are locations of it. Delete those, or make a new type.`,
        ),
      );
    }

    const flattened = updates.filter(({ row }) => row["nestable"] === false);
    const nested = await client.query<{ id: string; name: string }>(
      `select id, name from location_types t
        where id = any($1::uuid[]) and exists (
          select from locations l join locations above on above.id = l.parent_id
           where l.location_type_id = t.id and above.location_type_id = t.id)`,
      [idsOf(flattened)],
    );
    for (const { id, name } of nested.rows) {
      refusals.push(
        refuse(
          id,
          "nestable",
          false,
          `Location type ${name} must stay nestable while locations of it sit under another of the same type. Move those first.`,
        ),
      );
    }
    return refusals;
  },
};
