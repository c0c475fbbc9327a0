import type { HubModel } from "@plumbline/models";
import { type KeyPart, keyLabel } from "@plumbline/sync";
import type { Inventory } from "../../inventory/inventory.ts";
import {
  bareType,
  canonicalExpression,
  type Column,
  type Join,
  type Table,
} from "../../inventory/table.ts";
import { keyColumns, keySql, naturalKey, readKey } from "./key-sql.ts";
import type { Resource, RestField, RowValues } from "./resource.ts";

/** The lists that the hub's models declare. */
export function hubResources(inventory: Inventory): Resource[] {
  return inventory.tables.map((table) => hubResource(inventory, table));
}

function hubResource(inventory: Inventory, table: Table): Resource {
  const { hubModel, model } = table;
  const joined = Object.entries(hubModel.rest?.joined ?? {});
  const tree = table.columns.find(
    ({ name, target }) => name === model.parent && target === model.name,
  );
  return {
    name: model.name,
    path: hubModel.restPath,
    contentType: hubModel.contentType,
    label: model.label,
    pluralLabel: model.pluralLabel,
    description: model.description,
    source: table.name,
    fields: [
      ...table.columns.map((column) => columnField(hubModel, column)),
      ...table.columns.flatMap(networkFields),
      ...joined.map(([name, parts]) => joinedField(table, name, parts)),
      ...table.joins.map(joinField),
      momentField("created", "Created"),
      momentField("last_updated", "Last updated"),
    ],
    keySql: (alias) => keySql(inventory, table, alias),
    readKey: (given) => readKey(inventory, model, given),
    display: (key, values) => display(inventory, hubModel, key, values),
    naturalKey: (key) => naturalKey(inventory, model, key),
    keyColumns: (depthOf) => keyColumns(inventory, model, depthOf),
    searchFields: hubModel.searchFields,
    sort: hubModel.sort,
    treeField: tree?.name ?? null,
    hasNotes: true,
    hasCustomFields: true,
    table,
  };
}

function columnField(hubModel: HubModel, column: Column): RestField {
  const { name, field, target } = column;
  const { facts } = field;
  const { rest = {} } = hubModel;
  const isJoined = Object.values(rest.joined ?? {}).some((parts) => parts.includes(name));
  return {
    ...described(name, facts.label, facts.description),
    kind: field.kind,
    type: bareType(column),
    place: (alias) => `${alias}.${column.column}`,
    read: (alias) =>
      column.type === "timestamptz"
        ? momentSql(`${alias}.${column.column}`)
        : canonicalExpression(alias, column),
    target,
    join: null,
    isNullable: field.isNullable,
    isReadOnly: field.isDerived && !isWayIn(hubModel, name),
    isRequired:
      !field.isNullable &&
      !field.isDerived &&
      !isJoined &&
      facts.default === undefined &&
      facts.through === undefined,
    choices: facts.choices ?? [],
    maxLength: facts.maxLength ?? null,
    min: facts.min ?? null,
    max: facts.max ?? null,
    scale: facts.scale ?? null,
    form:
      field.kind === "choice" && !(rest.plainChoices ?? []).includes(name)
        ? "value-and-label"
        : field.kind === "text" && field.isNullable && !(rest.nullTexts ?? []).includes(name)
          ? "empty-text"
          : "plain",
  };
}

/** A derived reference that a part of the key may be given by: an address by its prefix. */
function isWayIn({ model }: HubModel, name: string): boolean {
  return model.keyNames.some((part) => model.field(part).facts.through === name);
}

/** What a network is made of. */
function networkFields(column: Column): RestField[] {
  if (column.field.kind !== "prefix") return [];
  const part = (name: string, kind: "text" | "integer", sql: (place: string) => string) => ({
    ...readOnlyField(name, kind),
    place: (alias: string) => sql(`${alias}.${column.column}`),
    read: (alias: string) => sql(`${alias}.${column.column}`),
  });
  return [
    part("network", "text", (place) => `host(network(${place}))`),
    part("broadcast", "text", (place) => `host(broadcast(${place}))`),
    part("prefix_length", "integer", (place) => `masklen(${place})`),
  ];
}

function joinedField(table: Table, name: string, parts: readonly [string, string]): RestField {
  const [first, second] = parts.map((part) => table.columns.find((column) => column.name === part));
  if (!first || !second) throw new Error(`${table.name}: ${name} joins fields that are not there.`);
  const sql = (alias: string) =>
    `(${first.type === "inet" ? `host(${alias}.${first.column})` : `${alias}.${first.column}`} || '/' || ${alias}.${second.column})`;
  return {
    ...readOnlyField(name, "text"),
    place: sql,
    read: sql,
    isReadOnly: false,
    isRequired: true,
  };
}

function joinField(join: Join): RestField {
  const { facts } = join.field;
  const sql = (alias: string) =>
    `array(select m.${join.memberColumn}::text from ${join.table} m where m.${join.ownerColumn} = ${alias}.id order by 1)`;
  return {
    ...readOnlyField(join.name, "set"),
    ...described(join.name, facts.label, facts.description),
    place: sql,
    read: sql,
    target: join.target,
    join,
    isReadOnly: false,
  };
}

/** A field that is shown and filtered by, and not written. */
export function readOnlyField(name: string, kind: RestField["kind"]): RestField {
  return {
    ...described(name, undefined, undefined),
    kind,
    type: typesOfKinds[kind] ?? "text",
    place: (alias) => `${alias}.${name}`,
    read: (alias) => (kind === "date-time" ? momentSql(`${alias}.${name}`) : `${alias}.${name}`),
    target: null,
    join: null,
    isNullable: false,
    isReadOnly: true,
    isRequired: false,
    choices: [],
    maxLength: null,
    min: null,
    max: null,
    scale: null,
    form: "plain",
  };
}

const typesOfKinds: Partial<Record<RestField["kind"], string>> = {
  integer: "bigint",
  boolean: "boolean",
  "date-time": "timestamptz",
  reference: "uuid",
  json: "jsonb",
};

function momentField(name: string, label: string): RestField {
  return { ...readOnlyField(name, "date-time"), label };
}

function momentSql(place: string): string {
  return `to_char(${place} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

function described(name: string, label: string | undefined, description: string | undefined) {
  const words = name.replaceAll("_", " ");
  return {
    name,
    label: label ?? words.charAt(0).toUpperCase() + words.slice(1),
    description: description ?? "",
  };
}

function display(
  inventory: Inventory,
  hubModel: HubModel,
  key: readonly KeyPart[],
  values: RowValues,
): string {
  const { model, rest } = hubModel;
  const pattern = rest?.display;
  if (pattern === undefined) return keyLabel(inventory.schema, model, JSON.stringify(key));
  const valueOf = (name: string): string => {
    const index = model.keyNames.indexOf(name);
    const part = key[index] ?? null;
    const target = index < 0 ? undefined : model.field(name).facts.target;
    if (target !== undefined && part !== null) {
      return keyLabel(inventory.schema, target, JSON.stringify(part));
    }
    const value = values[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  return pattern
    .replaceAll(/ ?\(\{(\w+)\}\)/g, (found, name: string) =>
      valueOf(name) === "" ? "" : found.replace(`{${name}}`, valueOf(name)),
    )
    .replaceAll(/\{(\w+)\}/g, (_found, name: string) => valueOf(name));
}
