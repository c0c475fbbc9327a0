// Whether a person may write what they write: asked of the objects as they were, and as they would be.
import type { PermittedAction } from "../auth/access.ts";
import type { BatchContext } from "./batch-context.ts";
import type { PendingChange } from "./pending-change.ts";
import type { Refusal } from "./refusal.ts";
import type { Table } from "./table.ts";

const actions = { create: "add", update: "change", delete: "delete" } as const;

/** Refuses changes of objects that the author may not change as they are, or delete; or create any. */
export async function checkPermitted(
  context: BatchContext,
  table: Table,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const asked = ask(context, table, pending);
  if (asked === null) return [];
  if (asked.condition === "false")
    return pending.map((change) => refuse(table, change, asked.action));
  // What does not exist yet meets no condition; it is asked when it is written.
  return asked.action === "add" ? [] : outside(context, table, pending, asked);
}

/** Refuses what the author may not have made of objects. */
export async function checkWritten(
  context: BatchContext,
  table: Table,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const asked = ask(context, table, pending);
  return asked === null ? [] : outside(context, table, pending, asked);
}

interface Asked {
  readonly action: PermittedAction;
  /** On rows `t`. */
  readonly condition: string;
}

function ask(
  { author: { permits } }: BatchContext,
  { hubModel: { contentType } }: Table,
  [first]: readonly PendingChange[],
): Asked | null {
  if (!permits || !first) return null;
  const action = actions[first.change.action];
  const condition = permits(contentType, action);
  return condition === null ? null : { action, condition };
}

async function outside(
  { client }: BatchContext,
  table: Table,
  pending: readonly PendingChange[],
  { action, condition }: Asked,
): Promise<Refusal[]> {
  const { rows } = await client.query<{ id: string }>(
    `select t.id from ${table.name} t where t.id = any($1::uuid[]) and not coalesce((${condition}), false)`,
    [pending.map(({ id }) => id)],
  );
  const ids = new Set(rows.map(({ id }) => id));
  return pending.filter(({ id }) => ids.has(id)).map((change) => refuse(table, change, action));
}

function refuse(
  { model, hubModel: { contentType } }: Table,
  { id, change }: PendingChange,
  action: PermittedAction,
): Refusal {
  return {
    id,
    code: "not-allowed",
    message: `You may not ${action} the ${model.label} ${change.label}. An administrator grants it by a permission to ${action} ${contentType}.`,
    field: null,
    value: null,
  };
}
