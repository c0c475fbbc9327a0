import type pg from "pg";
import {
  type Adapter,
  type Canonical,
  type LoadContext,
  type Model,
  type RawRecord,
  UnsupportedOperationError,
} from "@plumbline/sync";
import { createHubWriter, type HubRun } from "./hub-writer.ts";
import { createInventory, type Inventory, type Queryable } from "./inventory.ts";
import { keysById } from "./key-strings.ts";
import { canonicalExpression, type Table } from "./table.ts";

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
 * The hub's records of these models, readable and writable.
 * @throws UnsupportedOperationError for a model that is not the hub's.
 */
export function createHubAdapter(
  database: { readonly pool: pg.Pool },
  models: readonly Model[],
  { name = "Plumbline", inventory = createInventory(), run = nobody }: HubAdapterOptions = {},
): Adapter {
  for (const model of models) {
    if (!inventory.schema.has(model.name) || inventory.table(model.name).model !== model) {
      throw new UnsupportedOperationError(
        `The hub keeps no records of ${model.name}. Sync its own models, or give the job two sides of its own.`,
      );
    }
  }
  const ordered = inventory.schema.order.filter((model) => models.includes(model));
  return {
    name,
    models,
    provides: (model) => {
      const table = inventory.table(model.name);
      return [...table.columns, ...table.joins]
        .filter(({ field }) => !field.isDerived)
        .map((column) => column.name);
    },
    load: (context) => loadAll(database.pool, inventory, ordered, context),
    writer: () => createHubWriter(database, inventory, run),
  };
}

/** Everything as of one moment. */
async function* loadAll(
  pool: pg.Pool,
  inventory: Inventory,
  models: readonly Model[],
  context: LoadContext,
): AsyncGenerator<readonly RawRecord[]> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("begin isolation level repeatable read read only");
    const keys = new Map<string, ReadonlyMap<string, string>>();
    for (const model of models) {
      const table = inventory.table(model.name);
      const { rows } = await client.query<{ total: number }>(
        `select count(*)::float8 as total from ${table.name}`,
      );
      context.expect(model, rows[0]?.total ?? 0);
      yield* loadTable(client, inventory, table, keys, context.signal);
    }
  } finally {
    await client.query("rollback").catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
}

async function* loadTable(
  client: pg.PoolClient,
  inventory: Inventory,
  table: Table,
  keys: Map<string, ReadonlyMap<string, string>>,
  signal: AbortSignal,
): AsyncGenerator<readonly RawRecord[]> {
  const { model } = table;
  const columns = table.columns.filter(({ field }) => !field.isDerived);
  const readers: { readonly name: string; readonly read: (value: unknown) => Canonical }[] = [];
  for (const { name, column, target } of columns) {
    if (target === null) {
      readers.push({ name, read: (value) => value as Canonical });
      continue;
    }
    const known = await targetKeys(client, inventory, table, target, column, keys);
    readers.push({ name, read: (id) => (id === null ? null : (known.get(id as string) ?? null)) });
  }
  for (const { name, target } of table.joins) {
    const known = await targetKeys(client, inventory, table, target, null, keys);
    readers.push({
      name,
      read: (ids) =>
        ids === null ? [] : (ids as string[]).map((id) => known.get(id) ?? "").sort(byCodeUnit),
    });
  }

  await client.query(`declare hub_records no scroll cursor for ${selectAll(table)}`);
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await client.query<unknown[]>({
      text: `fetch ${fetchSize} from hub_records`,
      rowMode: "array",
    });
    if (rows.length === 0) break;
    yield rows.map((row) => {
      const values: Record<string, Canonical> = {};
      for (const [index, { name, read }] of readers.entries()) values[name] = read(row[index + 2]);
      return model.canonical(values, { id: row[0] as string, version: String(row[1]) });
    });
  }
  await client.query("close hub_records");
}

/** Id, version, columns, and for each set of references the ids of its members. */
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
  return `select ${["t.id", "t.version", ...columns, ...sets].join(", ")} from ${table.name} t ${joins.join(" ")}`;
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

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
