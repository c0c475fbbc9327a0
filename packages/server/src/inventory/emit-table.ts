import type { HubModel } from "@plumbline/models";
import type { Canonical, Field } from "@plumbline/sync";
import { customFieldsName } from "./custom-fields/definitions.ts";
import { createOrderFunctions, orderFunctions } from "./order-functions.ts";
import {
  bareType,
  type Column,
  isSortedByKey,
  type Join,
  restOfKey,
  type Table,
  tableOf,
} from "./table.ts";

/** The SQL that creates the models' tables, those of their sets of references, and their indexes. */
export function emitTables(hubModels: readonly HubModel[]): string {
  const tables = hubModels.map(tableOf);
  const plurals = new Map(tables.map(({ model }) => [model.name, model.plural]));
  return [
    // Comes with PostgreSQL; whoever owns the database may create it.
    "create extension if not exists pg_trgm;",
    createOrderFunctions,
    ...tables.map(createTable),
    ...tables.flatMap((table) => table.joins.map((join) => createJoin(table, join, plurals))),
    ...tables.flatMap(indexes),
    // Last, for models may refer to each other in a circle.
    ...tables.flatMap((table) => references(table, plurals)),
  ].join("\n");
}

/** The tables that hold the models' records, those of sets of references included. */
export function tableNames(hubModels: readonly HubModel[]): string[] {
  return hubModels
    .map(tableOf)
    .flatMap(({ name, joins }) => [name, ...joins.map((join) => join.table)]);
}

type Plurals = ReadonlyMap<string, string>;

function createTable(table: Table): string {
  const { name, model, hubModel, columns, hasCustomFields } = table;
  const key = columns.filter(({ isKey }) => isKey).map(({ column }) => column);
  const lines = [
    "id uuid primary key default gen_random_uuid()",
    "version bigint not null default 1",
    "created timestamptz not null default now()",
    "last_updated timestamptz not null default now()",
    ...columns.flatMap((column) => [columnLine(column), ...orderLine(column)]),
    ...(hasCustomFields ? [`${customFieldsName} jsonb not null default '{}'`] : []),
    ...columns.flatMap((column) => checkLine(name, column)),
    // Deferrable, so that one statement may exchange two names. With the id in it a list that goes by the key is
    // paged in the index alone.
    `constraint ${name}_key unique nulls not distinct (${key.join(", ")})${isSortedByKey(table) ? " include (id)" : ""} deferrable initially immediate`,
    ...(hubModel.unique ?? []).map((fields) => {
      const places = fields.map((field) => columns.find((column) => column.name === field)?.column);
      return `constraint ${uniqueName(name, fields)} unique (${places.join(", ")}) deferrable initially immediate`;
    }),
  ];
  const comment =
    model.description === "" ? "" : `comment on table ${name} is ${literal(model.description)};\n`;
  return `create table ${name} (\n  ${lines.join(",\n  ")}\n);\n${comment}`;
}

/** The constraint that keeps two records of a table from having the same values in these fields. */
export function uniqueName(table: string, fields: readonly string[]): string {
  return `${table}_${fields.join("_")}_unique`;
}

function references({ name, columns }: Table, plurals: Plurals): string[] {
  return columns.flatMap(({ column, target }) =>
    target === null
      ? []
      : `alter table ${name} add foreign key (${column}) references ${plurals.get(target) ?? target};`,
  );
}

function columnLine({ column, type, field, target }: Column): string {
  const parts = [column, type];
  if (!field.isNullable) parts.push("not null");
  const fallback = field.facts.default;
  if (fallback !== undefined && target === null) parts.push(`default ${defaultOf(fallback, type)}`);
  return parts.join(" ");
}

/** What the column is ordered by, made by the database. */
function orderLine({ column, type, field, orderColumn }: Column): string[] {
  const { order } = field.facts;
  if (order === undefined || orderColumn === null) return [];
  const required = field.isNullable ? "" : " not null";
  return [
    `${orderColumn} ${type}${required} generated always as (${orderFunctions[order]}(${column})) stored`,
  ];
}

function checkLine(table: string, { name, column, field }: Column): string[] {
  const rule =
    field.facts.choices !== undefined
      ? `${column} in (${field.facts.choices.map(literal).join(", ")})`
      : field.kind === "text" && !field.isNullable
        ? `${column} <> ''`
        : null;
  return rule === null ? [] : [`constraint ${table}_${name}_check check (${rule})`];
}

function createJoin(table: Table, join: Join, plurals: Plurals): string {
  return `create table ${join.table} (
  ${join.ownerColumn} uuid not null references ${table.name} on delete cascade,
  ${join.memberColumn} uuid not null references ${plurals.get(join.target) ?? join.target},
  primary key (${join.ownerColumn}, ${join.memberColumn})
);
create index ${join.table}_member on ${join.table} (${join.memberColumn});
`;
}

function indexes(table: Table): string[] {
  const { name, columns, hubModel } = table;
  const lines: string[] = [];
  const first = columns.find(({ isKey }) => isKey);
  const sort = hubModel.sort.map((field) => {
    const column = columns.find((each) => each.name === field);
    return column === undefined ? field : orderOf(column);
  });
  const isSort = (column: string) => sort.length === 1 && sort[0] === column;
  const single = columns.filter(
    (column) => column !== first && !isSort(column.column) && hasIndex(column),
  );
  // A list that is filtered or sorted by a field is paged in its index: what comes to the same stands there by its id.
  for (const { name: field, column, orderColumn } of [...single, ...times]) {
    lines.push(
      `create index ${name}_${field} on ${name} (${column}${orderColumn === null ? ", id" : ""});`,
    );
  }
  for (const column of columns) {
    const { orderColumn } = column;
    if (orderColumn === null || isSort(orderColumn) || !hasIndex(column)) continue;
    lines.push(`create index ${name}_${orderColumn} on ${name} (${orderColumn}, id);`);
  }
  // What refers to the same by the first part of its key has its order there, where not in the key's own index.
  const rest = restOfKey(table);
  if (first && first.target !== null && rest.some(({ orderColumn }) => orderColumn !== null)) {
    const places = [first, ...rest].map(orderOf);
    if (places.join() !== sort.join()) {
      lines.push(`create index ${name}_${first.name} on ${name} (${places.join(", ")}, id);`);
    }
  }
  if (!isSortedByKey(table)) {
    lines.push(`create index ${name}_sort on ${name} (${sort.join(", ")}, id);`);
  }
  const texts = columns.flatMap((column) => {
    if (column.field.kind === "mac") return `upper((${column.column})::text) gin_trgm_ops`;
    const isSearched = hubModel.searchFields.includes(column.name);
    return isSearched && bareType(column) === "text" ? `${column.column} gin_trgm_ops` : [];
  });
  if (texts.length > 0) {
    lines.push(`create index ${name}_search on ${name} using gin (${texts.join(", ")});`);
  }
  if (table.hasCustomFields) {
    // Most objects have none: the index is empty until some do.
    lines.push(
      `create index ${name}_custom_fields on ${name} using gin (${customFieldsName} jsonb_path_ops) where ${customFieldsName} <> '{}';`,
    );
  }
  return [`${lines.join("\n")}\n`];
}

/** What lists are filtered by as a whole, or sorted by; deleting what a reference points to looks for it too. */
function hasIndex({ field: { kind, facts } }: Column): boolean {
  // A text of any length is too long for an index.
  return kind === "text" ? facts.maxLength !== undefined : !withoutOrder.has(kind);
}

/** The column that a list has in order. */
const orderOf = ({ column, orderColumn }: Column): string => orderColumn ?? column;

const withoutOrder: ReadonlySet<Field["kind"]> = new Set(["set", "list", "json", "keyed-list"]);

const times = ["created", "last_updated"].map((column) => ({
  ...{ name: column, column },
  orderColumn: null,
}));

function defaultOf(value: Canonical, type: string): string {
  if (Array.isArray(value) && type.startsWith("text[]")) return "'{}'";
  if (typeof value === "object" && value !== null)
    return `${literal(JSON.stringify(value))}::jsonb`;
  return typeof value === "string" ? literal(value) : String(value);
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
