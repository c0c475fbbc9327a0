import type { Action, Change } from "@plumbline/sync";
import type { BatchContext, Result } from "./batch-context.ts";
import type { Inventory, Queryable } from "./inventory.ts";
import { idsByKey } from "./key-lookup.ts";
import { newId } from "./new-id.ts";
import type { Identified } from "./resolve-references.ts";
import type { Table } from "./table.ts";

/** Finds the objects that changes are about and holds them until the transaction ends; others are stale. */
export async function identify(
  { client, inventory }: BatchContext,
  table: Table,
  action: Action,
  changes: readonly Change[],
): Promise<{ identified: Identified[]; results: Result[] }> {
  const reasons = await staleReasons(client, inventory, table, action, changes, "for update");
  const ids =
    action === "create" ? undefined : await idsOfTargets(client, inventory, table, changes);
  const identified: Identified[] = [];
  const results: Result[] = [];
  for (const [index, change] of changes.entries()) {
    const reason = reasons[index];
    // A new object may come with its id.
    const id = ids ? ids[index] : (change.targetId ?? newId());
    if (reason === undefined && id !== undefined) {
      identified.push({ change, id });
      continue;
    }
    results.push({
      change,
      status: "stale",
      targetId: null,
      error: {
        code: "stale",
        message: `${table.model.label} ${change.label} was left as it is: ${reason ?? gone}. Run again.`,
        field: null,
        value: null,
      },
    });
  }
  return { identified, results };
}

/** For each change, why its object is no longer as planned, as "it was …"; undefined where it is. */
export async function staleReasons(
  client: Queryable,
  inventory: Inventory,
  table: Table,
  action: Action,
  changes: readonly Change[],
  lock: "for update" | "" = "",
): Promise<(string | undefined)[]> {
  if (action === "create") {
    const keys = changes.map(({ key }) => key);
    const there = await idsByKey(client, inventory, table.model.name, keys);
    return changes.map((change) =>
      there.has(change.key)
        ? "it exists already: it was created after the plan was made"
        : undefined,
    );
  }
  const ids = await idsOfTargets(client, inventory, table, changes);
  const { rows } = await client.query<{ id: string; version: string }>(
    `select id, version::text as version from ${table.name} where id = any($1::uuid[]) order by id ${lock}`,
    [ids.filter((id) => id !== undefined)],
  );
  const versions = new Map(rows.map(({ id, version }) => [id, version]));
  return changes.map((change, index) => {
    const version = versions.get(ids[index] ?? "");
    if (version === undefined) return gone;
    return change.targetVersion === null || change.targetVersion === version
      ? undefined
      : "it was changed after the plan was made";
  });
}

/** The ids of the objects to update or delete: as planned, or by their keys. */
async function idsOfTargets(
  client: Queryable,
  inventory: Inventory,
  table: Table,
  changes: readonly Change[],
): Promise<(string | undefined)[]> {
  const unknown = changes.filter(({ targetId }) => targetId === null).map(({ key }) => key);
  const found = await idsByKey(client, inventory, table.model.name, unknown);
  return changes.map(({ targetId, key }) => targetId ?? found.get(key));
}

const gone = "it is no longer there: it was deleted or renamed after the plan was made";
