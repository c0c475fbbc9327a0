import { idsOf, type PendingChange } from "../pending-change.ts";
import type { Refusal } from "../refusal.ts";
import type { Table } from "../table.ts";
import type { RuleContext } from "./hub-rules.ts";

/** Refuses to delete what others refer to, and says how many of which. */
export async function checkStillUsed(
  { client, inventory }: RuleContext,
  table: Table,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const ids = idsOf(pending);
  const uses = new Map<string, string[]>();
  for (const { table: user, field } of inventory.referrers(table.model.name)) {
    const [place, column, owner] =
      "memberColumn" in field
        ? [field.table, field.memberColumn, field.ownerColumn]
        : [user.name, field.column, "id"];
    // What goes in the same batch does not hold it back.
    const others = user === table ? `and not r.${owner} = any($1::uuid[])` : "";
    const { rows } = await client.query<{ id: string; uses: number }>(
      `select r.${column} as id, count(*)::integer as uses from ${place} r
        where r.${column} = any($1::uuid[]) ${others} group by 1`,
      [ids],
    );
    for (const { id, uses: count } of rows) {
      const noun = count === 1 ? user.model.label : user.model.pluralLabel;
      const list = uses.get(id);
      const text = `${count} ${noun} (${field.name})`;
      if (list) list.push(text);
      else uses.set(id, [text]);
    }
  }
  return pending.flatMap(({ id, change }) => {
    const list = uses.get(id);
    if (!list) return [];
    return {
      id,
      code: "conflict",
      message: `${table.model.label} ${change.label} is still used by ${list.join(", ")}. Change or delete those first.`,
      field: null,
      value: null,
    };
  });
}
