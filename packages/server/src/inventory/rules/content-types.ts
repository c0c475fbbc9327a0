import { idsOf, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Table } from "../table.ts";
import type { RuleContext } from "./hub-rules.ts";

/** Statuses, roles and tags say which models they are for. */
const limited: ReadonlySet<string> = new Set(["status", "role", "tag"]);

/** Whether records of the model say which models they are for. */
export function isLimitedByContentType(model: string): boolean {
  return limited.has(model);
}

/** Refuses statuses, roles and tags that are not for the model. */
export async function checkContentTypes(
  { client, inventory }: RuleContext,
  table: Table,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const { contentType, model } = table.hubModel;
  const places = [
    ...table.columns.map(({ name, target, column }) => ({
      name,
      target,
      read: ({ row }: PendingChange) => (typeof row[column] === "string" ? [row[column]] : []),
    })),
    ...table.joins.map(({ name, target }) => ({
      name,
      target,
      read: ({ members }: PendingChange) => members.get(name) ?? [],
    })),
  ];
  for (const { name, target, read } of places) {
    if (target === null || !limited.has(target)) continue;
    const used = new Set(pending.flatMap(read));
    if (used.size === 0) continue;
    const { rows } = await client.query<{ id: string; name: string }>(
      `select id, name from ${inventory.table(target).name}
        where id = any($1::uuid[]) and not $2 = any(content_types)`,
      [[...used], contentType],
    );
    if (rows.length === 0) continue;
    const unfit = new Map(rows.map((row) => [row.id, row.name]));
    const what = inventory.table(target).model.label.toLowerCase();
    for (const change of pending) {
      const found = read(change).find((id) => unfit.has(id));
      const value = found === undefined ? undefined : unfit.get(found);
      if (value === undefined) continue;
      refusals.push(
        refuse(
          change.id,
          name,
          value,
          `The ${what} ${value} is not for ${model.pluralLabel}. Add ${contentType} to its content types, or choose another.`,
        ),
      );
    }
  }
  return refusals;
}

/**
 * Refuses a person to take a model off a status, role or tag that objects of it have. A sync may: its source let it
 * happen there.
 */
export async function checkStillFor(
  { client, inventory, author }: RuleContext,
  table: Table,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  if (!limited.has(table.model.name) || author.syncId !== null) return [];
  const refusals: Refusal[] = [];
  for (const { table: user, field } of inventory.referrers(table.model.name)) {
    const { contentType, model } = user.hubModel;
    const narrowed = pending.filter(({ row }) => {
      const types = row["content_types"];
      return Array.isArray(types) && !types.includes(contentType);
    });
    if (narrowed.length === 0) continue;
    const [place, column] =
      "memberColumn" in field ? [field.table, field.memberColumn] : [user.name, field.column];
    const { rows } = await client.query<{ id: string }>(
      `select id from unnest($1::uuid[]) as wanted (id)
        where exists (select from ${place} r where r.${column} = wanted.id)`,
      [idsOf(narrowed)],
    );
    const used = new Set(rows.map(({ id }) => id));
    const what = table.model.label;
    for (const { id, change } of narrowed) {
      if (!used.has(id)) continue;
      const message = `${what} ${change.label} is used by ${model.pluralLabel}. Give those another first, or keep ${contentType} among its content types.`;
      refusals.push(refuse(id, "content_types", contentType, message));
    }
  }
  return refusals;
}
