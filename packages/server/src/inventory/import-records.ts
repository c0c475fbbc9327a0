// An import: rows become changes, which are made in one transaction. A preview makes them too, and undoes them, so that
// it knows of every rule of the hub; what is applied later is the same or nothing.
import { createHash } from "node:crypto";
import type pg from "pg";
import {
  type Canonical,
  type Change,
  ConflictError,
  equalCanonical,
  type Values,
} from "@plumbline/sync";
import { inTransaction } from "../database/transaction.ts";
import type { Author } from "./audit.ts";
import { writeBatch } from "./batch.ts";
import { type CustomFieldDefinition, readCustomFieldsOf } from "./custom-fields/definitions.ts";
import { foldCustomValues, withCustomFields } from "./custom-fields/model-fields.ts";
import { type GivenRow, readRows, type ReadRow, type RowFault } from "./import-rows.ts";
import type { Inventory, Queryable } from "./inventory.ts";
import { idsByKey } from "./key-lookup.ts";
import { narrowed } from "./lists/narrowed.ts";
import { readRecords } from "./read-records.ts";
import { isWorthRepeating } from "./refusal.ts";
import type { Table } from "./table.ts";

export type RowAction = "create" | "update" | "unchanged" | "refused";

/** What a row does, or did. */
export interface ImportedRow {
  readonly place: string;
  readonly label: string | null;
  readonly action: RowAction;
  /** Of an update, what changes; of a create, everything. */
  readonly before: Values | null;
  readonly after: Values | null;
  readonly faults: readonly RowFault[];
}

export interface ImportReport {
  readonly rows: readonly ImportedRow[];
  readonly counts: Readonly<Record<RowAction, number>>;
  /** Names in the text that the model has no field for: they are not read. */
  readonly unknown: readonly string[];
  /** Names exactly what was shown. */
  readonly digest: string;
  readonly isApplied: boolean;
}

export interface ImportOptions {
  readonly database: { readonly pool: pg.Pool };
  readonly inventory: Inventory;
  /** The hub as the author sees it: what is hidden is not compared with. */
  readonly visible: Inventory;
  readonly author: Author;
  readonly model: string;
  readonly rows: readonly GivenRow[];
  readonly fields: readonly string[];
  /** What a preview showed, to be applied now; null for a preview. */
  readonly digest: string | null;
  /** Whether rows that are refused are left out; otherwise they stop the others. */
  readonly leavesOutRefused: boolean;
}

const attempts = 3;

/** Shows what rows would do, or does what was shown. @throws ConflictError where it is no longer as shown. */
export async function importRecords(options: ImportOptions): Promise<ImportReport> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(options.database, ({ client }) => importOnce(client, options));
    } catch (error) {
      if (attempt === attempts || !isWorthRepeating(error)) throw error;
    }
  }
}

async function importOnce(client: Queryable, options: ImportOptions): Promise<ImportReport> {
  const { inventory, digest, fields, leavesOutRefused } = options;
  const table = inventory.table(options.model);
  const custom = await readCustomFieldsOf(client, table);
  const model = withCustomFields(table.model, custom);
  const read = readRows(inventory.schema, model, options.rows, fields);
  const planned = await planChanges(client, options.visible, table, custom, read);
  await client.query("savepoint import");
  const refused = await makeChanges(client, options, table, [...planned.values()]);
  const rows = read.map((row) => describeRow(row, planned.get(row), refused));
  const counts = { create: 0, update: 0, unchanged: 0, refused: 0 };
  for (const { action } of rows) counts[action] += 1;
  const shown = digestOf(rows, [...planned.values()]);
  const unknown = fields.filter((name) => !model.names.includes(name));
  const report = { rows, counts, unknown, digest: shown, isApplied: digest !== null };
  if (digest === null) {
    await client.query("rollback to savepoint import");
    return report;
  }
  if (shown !== digest) {
    throw new ConflictError(
      "The hub is no longer as it was when the import was shown, and nothing was imported. Look at it again.",
    );
  }
  if (counts.refused > 0 && !leavesOutRefused) {
    throw new ConflictError(
      `${counts.refused} of ${rows.length} rows are refused, and nothing was imported. Correct them, or leave them out.`,
    );
  }
  return report;
}

/** The change that each row asks for; none where the hub has it as it is, or the row cannot be read. */
async function planChanges(
  client: Queryable,
  inventory: Inventory,
  table: Table,
  custom: readonly CustomFieldDefinition[],
  rows: readonly ReadRow[],
): Promise<Map<ReadRow, Change>> {
  const { model } = table;
  const good = rows.filter(({ key, faults }) => key !== null && faults.length === 0);
  const keys = good.flatMap(({ key }) => key ?? []);
  const ids = await idsSeen(client, inventory, table, keys);
  const current = await readRecords(client, inventory, model.name, [...ids.values()], custom);
  const versions = await readVersions(client, table, [...ids.values()]);
  const planned = new Map<ReadRow, Change>();
  for (const row of good) {
    const key = row.key ?? "";
    const id = ids.get(key);
    const was = id === undefined ? undefined : current.get(id);
    const base = {
      model: model.name,
      key,
      label: row.label ?? key,
      parentModel: null,
      parentKey: null,
      rank: 0,
      sourceId: null,
    };
    if (id === undefined || was === undefined) {
      row.faults.push(...missingFields(table, row.values));
      const after = foldCustomValues(withDefaults(table, row.values));
      const create = { action: "create", before: null, after, fields: [] } as const;
      if (row.faults.length > 0) continue;
      planned.set(row, { ...base, ...create, targetId: null, targetVersion: null });
      continue;
    }
    const fields = Object.keys(row.values).filter(
      (name) => !equalCanonical(was[name] ?? null, row.values[name] ?? null),
    );
    if (fields.length === 0) continue;
    const before = foldCustomValues(pick(was, fields));
    const after = foldCustomValues(pick(row.values, fields));
    const update = { action: "update", before, after, fields: Object.keys(after) } as const;
    planned.set(row, { ...base, ...update, targetId: id, targetVersion: versions.get(id) ?? null });
  }
  return planned;
}

/** The ids by key of the records that the author sees: of others not even their values are told. */
async function idsSeen(
  client: Queryable,
  inventory: Inventory,
  { model }: Table,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const ids = await idsByKey(client, inventory, model.name, keys);
  const { name, visible } = inventory.table(model.name);
  if (visible === null) return ids;
  const { rows } = await client.query<{ id: string }>(
    `select t.id from ${narrowed(name, visible)} t where t.id = any($1::uuid[])`,
    [[...ids.values()]],
  );
  const seen = new Set(rows.map(({ id }) => id));
  return new Map([...ids].filter(([, id]) => seen.has(id)));
}

async function readVersions(
  client: Queryable,
  { name }: Table,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; version: string }>(
    `select id, version::text as version from ${name} where id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** What a new record must have and the text does not speak of. */
function missingFields({ model }: Table, values: Values): RowFault[] {
  return model.names.flatMap((name) => {
    const { isDerived, isNullable, facts } = model.field(name);
    if (isDerived || isNullable || facts.default !== undefined || values[name] !== undefined) {
      return [];
    }
    return [{ field: name, message: `A new ${model.label} needs it, and the text has none.` }];
  });
}

function withDefaults({ model }: Table, values: Values): Values {
  const after: Record<string, Canonical> = { ...values };
  for (const name of model.names) {
    const { isDerived, facts } = model.field(name);
    const value = values[name] ?? facts.default;
    if (!isDerived && value !== undefined) after[name] = value;
  }
  return after;
}

/** Makes the changes; those that the hub refuses come back with the reason. */
async function makeChanges(
  client: Queryable,
  { inventory, author }: ImportOptions,
  table: Table,
  changes: readonly Change[],
): Promise<Map<Change, RowFault>> {
  const refused = new Map<Change, RowFault>();
  for (const action of ["create", "update"] as const) {
    const batch = changes.filter((change) => change.action === action);
    const results = await writeBatch({ client, inventory, author }, table, batch);
    for (const { change, status, error } of results) {
      if (status === "applied") continue;
      refused.set(change, { field: error?.field ?? null, message: error?.message ?? "" });
    }
  }
  return refused;
}

function describeRow(
  row: ReadRow,
  change: Change | undefined,
  refused: ReadonlyMap<Change, RowFault>,
): ImportedRow {
  const { place, label } = row;
  const fault = change && refused.get(change);
  const faults = fault ? [...row.faults, fault] : row.faults;
  const { before = null, after = null } = change ?? {};
  return { place, label, action: actionOf(change, faults), before, after, faults };
}

function actionOf(change: Change | undefined, faults: readonly RowFault[]): RowAction {
  if (faults.length > 0) return "refused";
  if (!change) return "unchanged";
  return change.action === "create" ? "create" : "update";
}

/** Names what was shown, and the versions of the objects it was shown of. */
function digestOf(rows: readonly ImportedRow[], changes: readonly Change[]): string {
  const shown = rows.map(({ place, action, before, after }) => [place, action, before, after]);
  const versions = changes.map(({ key, targetVersion }) => [key, targetVersion]);
  return createHash("sha256")
    .update(JSON.stringify([shown, versions]))
    .digest("hex");
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}
