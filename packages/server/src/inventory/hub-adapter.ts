import type pg from "pg";
import {
  type Adapter,
  type Canonical,
  type Finding,
  keyLabel,
  type LoadContext,
  type Model,
  type RawRecord,
  type Values,
} from "@plumbline/sync";
import { customFieldsName } from "./custom-fields/definitions.ts";
import { customNames, storedCustomValues } from "./custom-fields/model-fields.ts";
import { createHubView, type HubView } from "./hub-view.ts";
import { createHubWriter, type HubRun } from "./hub-writer.ts";
import { createInventory, type Inventory, type Queryable } from "./inventory.ts";
import { keyOfValues } from "./key-parts.ts";
import { keysById } from "./key-strings.ts";
import { createLoadHooks } from "./load-hooks.ts";
import { byCodeUnit } from "./read-records.ts";
import { canonicalExpression, type Column, type Join, type Table } from "./table.ts";
import { createUnkeyed, type Unkeyed } from "./unkeyed.ts";

export interface HubAdapterOptions {
  /** What people call the hub. */
  readonly name?: string;
  readonly inventory?: Inventory;
  /** On whose behalf it is written; nobody's where absent. */
  readonly run?: HubRun;
}

const fetchSize = 5000;
const nobody: HubRun = { userName: null, jobResultId: null, syncId: null };

/**
 * The hub's records of these models, the hub's own or views of them, readable and writable.
 * @throws UnsupportedOperationError for a model that is neither.
 */
export function createHubAdapter(
  database: { readonly pool: pg.Pool },
  models: readonly Model[],
  { name = "Plumbline", inventory = createInventory(), run = nobody }: HubAdapterOptions = {},
): Adapter {
  const view = createHubView(inventory, models);
  const names = new Set(models.map((model) => model.name));
  const ordered = view.schema.order.filter((model) => names.has(model.name));
  return {
    name,
    models,
    provides: (model) => {
      const table = view.table(model.name);
      return [...table.columns, ...table.joins]
        .filter(({ field }) => !field.isDerived)
        .map((column) => column.name)
        .concat(customNames(table.model));
    },
    load: (context) => loadAll(database.pool, view, ordered, context, name),
    writer: () => createHubWriter(database, view, run),
  };
}

/** Everything as of one moment. */
async function* loadAll(
  pool: pg.Pool,
  view: HubView,
  models: readonly Model[],
  context: LoadContext,
  hubName: string,
): AsyncGenerator<readonly RawRecord[]> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("begin isolation level repeatable read read only");
    const keys = new Map<string, ReadonlyMap<string, string>>();
    for (const model of models) {
      const table = view.table(model.name);
      const { rows } = await client.query<{ total: number }>(
        `select count(*)::float8 as total from ${table.name} t ${filterOf(table)}`,
      );
      const total = rows[0]?.total ?? 0;
      context.expect(model, total);
      // What it refers to need not be known then, which may be a large table's keys.
      if (total === 0) continue;
      const unkeyed = createUnkeyed(view, table, hubName);
      const hooks = createLoadHooks(client, view, table, context);
      for await (const batch of loadTable(client, view, table, keys, context, unkeyed)) {
        yield await hooks(batch);
      }
      if (unkeyed.count === 0) continue;
      context.expect(model, total - unkeyed.count);
      context.unkeyed(model, await unkeyed.describe(client));
    }
  } finally {
    await client.query("rollback").catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
}

/** A place of a row that is read as a field. Undefined where it refers to what has no key. */
interface Place {
  readonly column: Column | Join;
  readonly isKey: boolean;
  readonly read: (value: unknown) => Canonical | undefined;
}

const none: Place[] = [];

async function* loadTable(
  client: pg.PoolClient,
  view: HubView,
  table: Table,
  keys: Map<string, ReadonlyMap<string, string>>,
  context: LoadContext,
  unkeyed: Unkeyed,
): AsyncGenerator<readonly RawRecord[]> {
  const { model } = table;
  const places: Place[] = [];
  for (const column of table.columns) {
    const { target, field, isKey } = column;
    if (field.isDerived) continue;
    const isFilled = isKey && !field.isNullable;
    if (target === null) {
      const read = (value: unknown) =>
        (isFilled && value === null ? undefined : value) as Canonical;
      places.push({ column, isKey, read });
      continue;
    }
    const known = await targetKeys(client, view, table, target, column.column, keys);
    const empty = isFilled ? undefined : null;
    places.push({ column, isKey, read: (id) => (id === null ? empty : known.get(id as string)) });
  }
  for (const column of table.joins) {
    const known = await targetKeys(client, view, table, column.target, null, keys);
    places.push({ column, isKey: false, read: (ids) => keysOf(known, ids as string[] | null) });
  }

  const custom = customNames(model);

  await client.query(`declare hub_records no scroll cursor for ${selectAll(table)}`);
  for (;;) {
    context.signal.throwIfAborted();
    const { rows } = await client.query<unknown[]>({
      text: `fetch ${fetchSize} from hub_records`,
      rowMode: "array",
    });
    if (rows.length === 0) break;
    const records: RawRecord[] = [];
    for (const row of rows) {
      const values: Record<string, Canonical> = {};
      let unclear: Place[] = none;
      for (const [index, place] of places.entries()) {
        const value = place.read(row[index + 2]);
        if (value === undefined) unclear = [...unclear, place];
        values[place.column.name] = value ?? null;
      }
      if (custom.length > 0) Object.assign(values, storedCustomValues(model, row.at(-1)));
      const id = row[0] as string;
      if (unclear.some(({ isKey }) => isKey)) {
        unkeyed.note(id);
        continue;
      }
      for (const { column } of unclear) context.report(unseen(view, table, values, column));
      records.push(model.canonical(values, { id, version: String(row[1]) }));
    }
    yield records;
  }
  await client.query("close hub_records");
}

function keysOf(
  known: ReadonlyMap<string, string>,
  ids: readonly string[] | null,
): string[] | undefined {
  const found: string[] = [];
  for (const id of ids ?? []) {
    const key = known.get(id);
    if (key === undefined) return undefined;
    found.push(key);
  }
  return found.sort(byCodeUnit);
}

/** A reference that has no key cannot be compared, so the record is left as it is. */
function unseen(
  view: HubView,
  table: Table,
  values: Values,
  { name, target }: Column | Join,
): Omit<Finding, "side"> {
  const { model } = table;
  const key = keyOfValues(model, values);
  const label = keyLabel(view.schema, model, key);
  const { pluralLabel } = view.table(target ?? model.name).model;
  return {
    kind: "bad-value",
    model: model.name,
    key,
    label,
    field: name,
    value: null,
    message:
      `${model.label} ${label}: ${name} refers to one of the ${pluralLabel} that the job does not see, or that has no key there. ` +
      "It and its counterpart are left as they are. Give that one its key, or leave the field out.",
    origin: null,
  };
}

/** Id, version, columns, for each set of references the ids of its members, and custom fields where the model has any. */
function selectAll(table: Table): string {
  const columns = table.columns
    .filter(({ field }) => !field.isDerived)
    .map((column) => canonicalExpression("t", column));
  const sets = table.joins.map((_, index) => `s${index}.members`);
  const joins = table.joins.map(
    ({ table: place, ownerColumn, memberColumn }, index) =>
      `left join (select ${ownerColumn}, array_agg(${memberColumn}::text) as members
                    from ${place} group by 1) s${index} on s${index}.${ownerColumn} = t.id`,
  );
  const custom = customNames(table.model).length > 0 ? [`t.${customFieldsName}`] : [];
  return `select ${["t.id", "t.version", ...columns, ...sets, ...custom].join(", ")} from ${table.name} t ${joins.join(" ")} ${filterOf(table)}`;
}

/** The key strings of what a field refers to: all of another model's, or only those its own model uses. */
async function targetKeys(
  client: Queryable,
  inventory: Inventory,
  table: Table,
  target: string,
  column: string | null,
  keys: Map<string, ReadonlyMap<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  if (target === table.model.name && column !== null) {
    const { rows } = await client.query<{ id: string }>(
      `select distinct ${column} as id from ${table.name} where ${column} is not null`,
    );
    return keysById(
      client,
      inventory,
      target,
      rows.map(({ id }) => id),
    );
  }
  let known = keys.get(target);
  if (!known) keys.set(target, (known = await keysById(client, inventory, target, "all")));
  return known;
}

function filterOf({ where }: Table): string {
  return where === null ? "" : `where ${where}`;
}
