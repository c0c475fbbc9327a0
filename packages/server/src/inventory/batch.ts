import type { Change } from "@plumbline/sync";
import { recordObjectChanges } from "./audit.ts";
import type { BatchContext, Result } from "./batch-context.ts";
import { isTouched, type PendingChange } from "./pending-change.ts";
import { describeDatabaseError, isAboutRows, type Refusal, refuse } from "./refusal.ts";
import { setCustomFields, withStoredValues } from "./custom-fields/set-values.ts";
import { resolveReferences } from "./resolve-references.ts";
import { checkPermitted, checkWritten } from "./check-permitted.ts";
import { checkContentTypes, checkStillFor } from "./rules/content-types.ts";
import { claimCreated, dropClaims } from "./claims.ts";
import type { Brought } from "./rules/hub-rules.ts";
import { rulesOf } from "./rules/index.ts";
import { nameSome } from "./rules/name-some.ts";
import { checkStillUsed } from "./rules/still-used.ts";
import type { Table } from "./table.ts";
import { deleteRows, insertRows, updateRows } from "./write-rows.ts";
import { identify } from "./identify.ts";

/** Writes changes of one model and one action within the caller's transaction; bad ones are left out. */
export async function writeBatch(
  context: BatchContext,
  table: Table,
  changes: readonly Change[],
): Promise<Result[]> {
  const [first] = changes;
  if (!first) return [];
  const { identified, results } = await identify(context, table, first.action, changes);
  const byId = new Map(identified.map((entry) => [entry.id, entry]));

  const refused = (refusals: readonly Refusal[]): void => {
    // The first word on an object counts.
    for (const { id, ...error } of refusals) {
      const entry = byId.get(id);
      if (!entry) continue;
      byId.delete(id);
      results.push({ change: entry.change, status: "failed", targetId: null, error });
    }
  };

  const { client, inventory } = context;
  const resolved = await resolveReferences(client, inventory, table, identified);
  refused(resolved.refusals);
  const { pending, refusals } = await setCustomFields(context, table, resolved.pending);
  refused(refusals);
  refused(await checkPermitted(context, table, pending));
  refused(await checkBefore(context, table, pending));
  const failures = await writePending(
    context,
    table,
    pending.filter(({ id }) => byId.has(id)),
  );
  refused(failures);
  for (const { change, id } of byId.values()) {
    results.push({ change, status: "applied", targetId: id, error: null });
  }
  return results;
}

/** What can be refused before anything is written. */
async function checkBefore(
  context: BatchContext,
  table: Table,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const rules = rulesOf(table.model.name);
  switch (pending[0]?.change.action) {
    case "create":
      return [
        ...(await checkContentTypes(context, table, pending)),
        ...((await rules.beforeCreate?.(context, pending)) ?? []),
      ];
    case "update":
      return [
        ...checkFixedFields(table, pending),
        ...(await checkStillFor(context, table, pending)),
        ...(await checkContentTypes(context, table, pending)),
      ];
    case "delete":
      return checkStillUsed(context, table, pending);
    case undefined:
      return [];
  }
}

function checkFixedFields(table: Table, pending: readonly PendingChange[]): Refusal[] {
  const fixed = Object.entries(rulesOf(table.model.name).fixedFields ?? {});
  return pending.flatMap((change) =>
    fixed
      .filter(([name]) => isTouched(change, name))
      .map(([name, instead]) =>
        refuse(
          change.id,
          name,
          JSON.stringify(change.change.after?.[name] ?? null),
          `${name} of ${table.model.label} ${change.change.label} cannot change. ${instead}.`,
        ),
      ),
  );
}

/**
 * Writes all, or what is left after refused changes are taken out: those a rule names at once, those
 * only the database refuses by halving.
 */
async function writePending(
  context: BatchContext,
  table: Table,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const { client } = context;
  const failures: Refusal[] = [];
  let rest = pending;
  while (rest.length > 0) {
    await client.query("savepoint hub_batch");
    let refusals: readonly Refusal[];
    try {
      refusals = await write(context, table, rest);
    } catch (error) {
      if (!isAboutRows(error)) throw error;
      await client.query("rollback to savepoint hub_batch");
      const [only] = rest;
      if (only && rest.length === 1) {
        failures.push({ id: only.id, ...describeDatabaseError(error, table) });
        return failures;
      }
      const middle = rest.length >> 1;
      failures.push(...(await writePending(context, table, rest.slice(0, middle))));
      failures.push(...(await writePending(context, table, rest.slice(middle))));
      return failures;
    }
    if (refusals.length === 0) {
      await client.query("release savepoint hub_batch");
      return failures;
    }
    await client.query("rollback to savepoint hub_batch");
    failures.push(...refusals);
    const bad = new Set(refusals.map(({ id }) => id));
    rest = rest.filter(({ id }) => !bad.has(id));
  }
  return failures;
}

async function write(
  context: BatchContext,
  table: Table,
  pending: readonly PendingChange[],
): Promise<readonly Refusal[]> {
  const { client, author } = context;
  const rules = rulesOf(table.model.name);
  const action = pending[0]?.change.action;
  let recorded = pending;
  if (action === "delete") {
    const refusals = (await rules.beforeDelete?.(context, pending)) ?? [];
    if (refusals.length > 0) return refusals;
    recorded = await withStoredValues(client, table, pending);
    await deleteRows(client, table, pending);
  } else {
    if (action === "create") await insertRows(client, table, pending);
    else await updateRows(client, table, pending);
    const refusals = [
      ...((await rules.afterWrite?.(context, pending)) ?? []),
      ...(await checkWritten(context, table, pending)),
    ];
    if (refusals.length > 0) return refusals;
  }
  await recordObjectChanges(client, author, recorded);
  await claimCreated(client, author, pending);
  await dropClaims(client, author, pending);
  if (action === "delete" || author.syncId !== null || rules.brings === undefined) return [];
  // Who may change an object may have changed what moves with it.
  const unbound = { ...context, author: { ...author, permits: null } };
  for await (const brought of rules.brings(context, pending)) {
    const refusals = await bring(unbound, brought);
    if (refusals.length > 0) return refusals;
  }
  return [];
}

/** Writes what changes bring with them, and refuses those for which it cannot be written. */
async function bring(
  context: BatchContext,
  { model, changes, named }: Brought,
): Promise<readonly Refusal[]> {
  // What a refusal leaves of savepoints would be in the way of the batch that this is part of.
  await context.client.query("savepoint brought");
  const results = await writeBatch(context, context.inventory.table(model), [...changes.keys()]);
  await context.client.query("release savepoint brought");
  const failed = results.filter(({ status }) => status !== "applied");
  const refused = Map.groupBy(failed, ({ change }) => changes.get(change));
  const { label, pluralLabel } = context.inventory.table(model).model;
  return [...refused].flatMap(([owner, all]) => {
    const [first] = all;
    if (owner === undefined || first === undefined) return [];
    const labels = all.map(({ change }) => change.label);
    const fact =
      first.change.action === "create"
        ? `The ${label} ${first.change.label} that it comes with cannot be made`
        : `The ${all.length === 1 ? label : pluralLabel} ${nameSome(labels)} in it cannot move along`;
    return refuse(owner.id, named, null, `${fact}: ${first.error?.message ?? ""}`);
  });
}
