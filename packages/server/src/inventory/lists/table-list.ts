import type { Inventory } from "../inventory.ts";
import { bareType, type Column, type Join, type Table } from "../table.ts";
import { collectLists, type List, type ListField, type Lists } from "./list.ts";
import { narrowed } from "./narrowed.ts";

const known = new WeakMap<Inventory, Lists>();

/** The lists that the hub's models declare. */
export function listsOf(inventory: Inventory): Lists {
  let lists = known.get(inventory);
  if (!lists) known.set(inventory, (lists = collectLists(inventory.tables.map(tableList))));
  return lists;
}

/** A table's list as who asks sees it. Lists that it is sorted and filtered along are whole: they name what is seen. */
export function seenList(lists: Lists, { model, visible }: Table): List {
  const list = lists.get(model.name);
  return { ...list, source: narrowed(list.source, visible) };
}

function tableList(table: Table): List {
  const { hubModel, model } = table;
  const tree = table.columns.find(
    ({ name, target }) => name === model.parent && target === model.name,
  );
  const called = table.columns.find(({ isKey, target }) => isKey && target === null);
  return {
    name: model.name,
    label: model.label,
    pluralLabel: model.pluralLabel,
    source: table.name,
    fields: [
      ...table.columns.map(columnField),
      ...table.columns.flatMap(networkFields),
      ...Object.entries(hubModel.rest?.joined ?? {}).map(([name, parts]) =>
        joinedField(table, name, parts),
      ),
      ...table.joins.map(setField),
      plainField("created", "date-time"),
      plainField("last_updated", "date-time"),
    ],
    searchFields: hubModel.searchFields,
    sort: hubModel.sort,
    treeField: tree?.name ?? null,
    calledBy: called?.name ?? hubModel.searchFields[0] ?? "id",
    table,
  };
}

/** A field that is a column of its own name. */
export function plainField(name: string, kind: ListField["kind"]): ListField {
  return {
    ...{ name, kind, type: typesOfKinds[kind] ?? "text" },
    place: (alias) => `${alias}.${name}`,
    ...{ target: null, join: null, isNullable: false, choices: [], parts: null },
  };
}

const typesOfKinds: Partial<Record<ListField["kind"], string>> = {
  integer: "bigint",
  boolean: "boolean",
  "date-time": "timestamptz",
  reference: "uuid",
  json: "jsonb",
};

function columnField(column: Column): ListField {
  const { name, field, target, orderColumn } = column;
  return {
    ...plainField(name, field.kind),
    ...{ type: bareType(column), target, isNullable: field.isNullable },
    place: (alias) => `${alias}.${column.column}`,
    ...(orderColumn !== null && { order: (alias: string) => `${alias}.${orderColumn}` }),
    choices: field.facts.choices ?? [],
  };
}

/** What a network is made of. */
function networkFields(column: Column): ListField[] {
  if (column.field.kind !== "prefix") return [];
  const part = (
    name: string,
    kind: "text" | "integer",
    description: string,
    sql: (place: string) => string,
  ) => ({
    ...plainField(name, kind),
    description,
    place: (alias: string) => sql(`${alias}.${column.column}`),
  });
  return [
    part("network", "text", "Its first address.", (place) => `host(network(${place}))`),
    part("broadcast", "text", "Its last address.", (place) => `host(broadcast(${place}))`),
    part(
      "prefix_length",
      "integer",
      "How many of its bits are fixed.",
      (place) => `masklen(${place})`,
    ),
  ];
}

function joinedField(table: Table, name: string, parts: readonly [string, string]): ListField {
  const [first, second] = parts.map((part) => table.columns.find((column) => column.name === part));
  if (!first || !second) throw new Error(`${table.name}: ${name} joins fields that are not there.`);
  return {
    ...plainField(name, "text"),
    parts,
    place: (alias) =>
      `(${first.type === "inet" ? `host(${alias}.${first.column})` : `${alias}.${first.column}`} || '/' || ${alias}.${second.column})`,
  };
}

/** A set of references. */
export function setField(join: Join): ListField {
  return {
    ...plainField(join.name, "set"),
    ...{ target: join.target, join },
    place: (alias) =>
      `array(select m.${join.memberColumn}::text from ${join.table} m where m.${join.ownerColumn} = ${alias}.id order by 1)`,
  };
}
