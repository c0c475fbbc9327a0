import type { HubModel } from "@plumbline/models";
import { type KeyPart, keyLabel, parseKey } from "@plumbline/sync";
import type { Inventory } from "../../inventory/inventory.ts";
import { keysById } from "../../inventory/key-strings.ts";
import type { ListField } from "../../inventory/lists/list.ts";
import { listsOf, setField } from "../../inventory/lists/table-list.ts";
import { canonicalExpression, type Column, type Table } from "../../inventory/table.ts";
import { keyCells, slugParts } from "./natural-key.ts";
import type { Resource, RestField, RowValues } from "./resource.ts";

/** The lists that the hub's models declare. */
export function hubResources(inventory: Inventory): Resource[] {
  return inventory.tables.map((table) => hubResource(inventory, table));
}

function hubResource(inventory: Inventory, table: Table): Resource {
  const { hubModel, model } = table;
  const { rest = {} } = hubModel;
  const list = listsOf(inventory).get(model.name);
  return {
    ...list,
    path: hubModel.restPath,
    contentType: hubModel.contentType,
    description: model.description,
    fields: [
      ...list.fields.map((field) => restField(table, field)),
      ...Object.entries(rest.reverse ?? {}).map(([name, [from, fieldName, shown]]) =>
        reverseField(name, inventory.table(from), fieldName, shown),
      ),
    ],
    readKeys: async (client, rows) => {
      const ids = rows.map(({ id }) => id);
      const keys = await keysById(client, inventory, model.name, ids, rows);
      return new Map([...keys].map(([id, key]) => [id, parseKey(key)]));
    },
    display: (key, values) => display(inventory, hubModel, key, values),
    slugParts: (key, id) => slugParts(inventory, model, key, id),
    keyCells: (key, depthOf) => keyCells(inventory, model, key, depthOf),
    counts: rest.counts ?? {},
    fixed: Object.entries(rest.fixed ?? {}),
    unkept: rest.unkept ?? {},
    emptySets: rest.emptySets ?? [],
    nestedSets: rest.nestedSets ?? [],
    writeOnly: rest.writeOnly ?? [],
    ...{ secrets: [], isWritten: true },
    single: rest.single ?? {},
    hasNotes: !(hubModel.lacks ?? []).includes("notes"),
    hasCustomFields: table.hasCustomFields,
  };
}

/** A set of references that another model holds, told from the side of what it refers to. */
function reverseField(name: string, from: Table, fieldName: string, shown?: string): RestField {
  const held = from.joins.find((join) => join.name === fieldName);
  const columnOf = (wanted: string): Column => {
    const column = from.columns.find((each) => each.name === wanted);
    if (!column) throw new Error(`${from.name} has no ${wanted} to tell ${name} of.`);
    return column;
  };
  const members = shown === undefined ? null : columnOf(shown);
  const join = held
    ? { ...held, name, ownerColumn: held.memberColumn, memberColumn: held.ownerColumn }
    : {
        ...{ name, table: from.name, field: columnOf(fieldName).field },
        ownerColumn: columnOf(fieldName).column,
        memberColumn: members?.column ?? "id",
      };
  const target = members?.target ?? from.model.name;
  return readOnlyField(setField({ ...join, target }));
}

function restField(table: Table, field: ListField): RestField {
  const column = table.columns.find(({ name }) => name === field.name);
  if (column) return columnField(table.hubModel, column, field);
  const { join, parts, name } = field;
  if (join) {
    const { label, description } = join.field.facts;
    return { ...readOnlyField(field), ...described(name, label, description), isReadOnly: false };
  }
  const isGiven = parts !== null;
  return { ...readOnlyField(field), isReadOnly: !isGiven, isRequired: isGiven };
}

function columnField(hubModel: HubModel, column: Column, listed: ListField): RestField {
  const { name, field } = column;
  const { facts } = field;
  const { rest = {} } = hubModel;
  const isJoined = Object.values(rest.joined ?? {}).some((parts) => parts.includes(name));
  return {
    ...listed,
    ...described(name, facts.label, facts.description),
    read: (alias) =>
      column.type === "timestamptz"
        ? momentSql(listed.place(alias))
        : canonicalExpression(alias, column),
    isReadOnly: field.isDerived && !isWayIn(hubModel, name),
    isRequired:
      (rest.required ?? []).includes(name) ||
      (!field.isNullable &&
        !field.isDerived &&
        !isJoined &&
        rest.madeFrom?.[name] === undefined &&
        facts.default === undefined &&
        facts.through === undefined),
    maxLength: facts.maxLength ?? null,
    min: facts.min ?? null,
    max: facts.max ?? null,
    scale: facts.scale ?? null,
    labels: rest.labels?.[name] ?? {},
    form:
      field.kind === "choice" && !(rest.plainChoices ?? []).includes(name)
        ? (rest.numberChoices ?? []).includes(name)
          ? "number-and-label"
          : "value-and-label"
        : ["text", "choice"].includes(field.kind) &&
            field.isNullable &&
            !(rest.nullTexts ?? []).includes(name)
          ? "empty-text"
          : "plain",
  };
}

/** A derived reference that a part of the key may be given by: an address by its prefix. */
function isWayIn({ model }: HubModel, name: string): boolean {
  return model.keyNames.some((part) => model.field(part).facts.through === name);
}

/** A field that is shown and filtered by, and not written. */
export function readOnlyField(field: ListField): RestField {
  const { name, kind, place } = field;
  return {
    ...field,
    ...described(name, undefined, field.description),
    read: (alias) => (kind === "date-time" ? momentSql(place(alias)) : place(alias)),
    isReadOnly: true,
    isRequired: false,
    maxLength: null,
    min: null,
    max: null,
    scale: null,
    form: "plain",
  };
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
