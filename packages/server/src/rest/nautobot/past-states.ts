import type { Values } from "@plumbline/sync";
import { customFieldsName } from "../../inventory/custom-fields/definitions.ts";
import type { Queryable } from "../../inventory/inventory.ts";
import type { StoredObject } from "./resource.ts";

/** What an object was like after a change, or before the change that deleted it. */
export interface PastState {
  /** Number of the change. */
  readonly line: number;
  readonly model: string;
  readonly id: string;
  /** By field, references as keys. */
  readonly values: Values;
  /** Null where its creation is not recorded. */
  readonly created: string | null;
  readonly lastUpdated: string;
}

interface AuditRow {
  readonly line: number;
  readonly model: string;
  readonly id: string;
  readonly action: "create" | "update" | "delete";
  readonly before: Values | null;
  readonly after: Values | null;
  readonly time: string;
}

/** Which of these objects are gone: the last that is recorded of them is their end. */
export async function readGone(client: Queryable, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string; action: string }>(
    `select distinct on (o.object_id) o.object_id as id, o.action
       from object_change o where o.object_id = any($1::uuid[]) order by o.object_id, o.id desc`,
    [ids],
  );
  return new Set(rows.flatMap(({ id, action }) => (action === "delete" ? [id] : [])));
}

/** The states of objects at changes, by the changes' numbers: their audit rows from the first on, put together. */
export async function readPastStates(
  client: Queryable,
  changes: readonly StoredObject[],
): Promise<Map<number, PastState>> {
  const wanted = new Set(changes.map(({ values }) => Number(values["line"])));
  const ids = new Set(changes.map(({ values }) => String(values["changed_object_id"])));
  const { rows } = await client.query<AuditRow>(
    `select o.id::float8 as line, o.model, o.object_id as id, o.action, o.before, o.after, o.time::text as time
       from object_change o where o.object_id = any($1::uuid[]) and o.id <= $2 order by o.object_id, o.id`,
    [[...ids], Math.max(0, ...wanted)],
  );
  const states = new Map<number, PastState>();
  let state: PastState | undefined;
  for (const row of rows) {
    state = follow(state?.id === row.id ? state : undefined, row);
    if (wanted.has(row.line)) states.set(row.line, state);
  }
  return states;
}

function follow(state: PastState | undefined, row: AuditRow): PastState {
  const { line, model, id, action, before, after, time } = row;
  const place = { line, model, id };
  if (action === "create" || !state) {
    const isNew = action === "create";
    const values = { ...before, ...after };
    return { ...place, values, created: isNew ? time : null, lastUpdated: time };
  }
  if (action === "delete") return { ...state, line, values: { ...state.values, ...before } };
  const custom = { ...customIn(state.values), ...customIn(after ?? {}) };
  const values = { ...state.values, ...after, [customFieldsName]: custom };
  return { ...state, line, values, lastUpdated: time };
}

/** Of custom fields a change holds those that it sets. */
function customIn(values: Values): Values {
  return (values[customFieldsName] ?? {}) as unknown as Values;
}
