import type { HubModel } from "@plumbline/models";
import { type Field, InvalidDeclarationError, type Model } from "@plumbline/sync";

export interface StoredColumn {
  /** Its name: a reference `tenant` is the column `tenant_id`. */
  readonly column: string;
  /** PostgreSQL's type. */
  readonly type: string;
}

/** A field that is a column of its model's table. */
export interface Column extends StoredColumn {
  /** The field's name. */
  readonly name: string;
  readonly field: Field;
  readonly isKey: boolean;
  /** The model a reference points to. */
  readonly target: string | null;
  /** The generated column that lists are ordered by in its place: "name_order". Nothing reads or writes it. */
  readonly orderColumn: string | null;
}

/** A field that is a table of its own: a set of references. */
export interface Join {
  readonly name: string;
  /** "prefixes_locations" */
  readonly table: string;
  /** "prefix_id" */
  readonly ownerColumn: string;
  /** "location_id" */
  readonly memberColumn: string;
  readonly target: string;
  readonly field: Field;
}

/** How a model is stored. */
export interface Table {
  readonly hubModel: HubModel;
  readonly model: Model;
  /** The model's plural. */
  readonly name: string;
  /** Key parts first, as in the model. */
  readonly columns: readonly Column[];
  readonly joins: readonly Join[];
  /** Whether its records have custom fields, in a column of that name. */
  readonly hasCustomFields: boolean;
  /** Which rows `t` are its records, as SQL; null for all of them. */
  readonly where: string | null;
  /** Which of these somebody sees who may view only some, as SQL; null for all of them. */
  readonly visible: string | null;
}

const maxInteger = 2_147_483_647;

/** The table that a model's declaration asks for. @throws InvalidDeclarationError for a field it cannot hold. */
export function tableOf(hubModel: HubModel): Table {
  const { model } = hubModel;
  const columns: Column[] = [];
  const joins: Join[] = [];
  for (const name of model.names) {
    const field = model.field(name);
    const target = field.facts.target ?? null;
    const member = field.facts.members?.facts.target;
    if (field.kind === "set" && member !== undefined) {
      joins.push({
        name,
        table: `${model.plural}_${name}`,
        ownerColumn: `${model.name}_id`,
        memberColumn: `${member}_id`,
        target: member,
        field,
      });
      continue;
    }
    const column = target === null ? columnName(name) : `${name}_id`;
    columns.push({
      name,
      column,
      type: columnType(model, name, field),
      field,
      isKey: model.keyNames.includes(name),
      target,
      orderColumn: field.facts.order === undefined ? null : `${column}_order`,
    });
  }
  const hasCustomFields = !(hubModel.lacks ?? []).includes("custom fields");
  return {
    hubModel,
    model,
    name: model.plural,
    columns,
    joins,
    hasCustomFields,
    where: null,
    visible: null,
  };
}

/** A field that is called by a word of SQL has a column by another. */
function columnName(name: string): string {
  return name === "default" ? "default_value" : name;
}

function columnType(model: Model, name: string, field: Field): string {
  switch (field.kind) {
    case "text":
    case "choice":
      return `text collate "C"`;
    case "integer":
      return (field.facts.max ?? Infinity) > maxInteger ? "bigint" : "integer";
    case "decimal":
      return "numeric";
    case "boolean":
      return "boolean";
    case "date-time":
      return "timestamptz";
    case "mac":
      return "macaddr";
    case "ip-address":
    case "ip-interface":
      return "inet";
    case "prefix":
      return "cidr";
    case "reference":
      return "uuid";
    case "json":
    case "keyed-list":
      return "jsonb";
    case "set":
    case "list":
      if (field.facts.members?.kind === "text" || field.facts.members?.kind === "choice") {
        return `text[] collate "C"`;
      }
  }
  throw new InvalidDeclarationError(
    `${model.name}.${name}: the hub has no column for a ${field.kind} of ${field.facts.members?.kind ?? "this"}.`,
  );
}

/** The type without its collation, for record sets and casts. */
export function bareType(column: StoredColumn): string {
  return column.type.replace(` collate "C"`, "");
}

/** How a column is read as its field's canonical value. */
export function canonicalExpression(table: string, { column, type, field }: Column): string {
  const place = `${table}.${column}`;
  if (type === "numeric") return `trim_scale(${place})::text`;
  if (type === "macaddr") return `${place}::text`;
  if (type === "timestamptz") {
    return `to_char(${place} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  }
  if (field.kind === "ip-interface") return `host(${place}) || '/' || masklen(${place})`;
  return place;
}

/** Whether the model's own order is that of its key as it is stored, of which no two records have the same. */
export function isSortedByKey({ model, hubModel: { sort }, columns }: Table): boolean {
  return (
    sort.length === model.keyNames.length &&
    sort.every((name, i) => name === model.keyNames[i]) &&
    !columns.some(({ isKey, orderColumn }) => isKey && orderColumn !== null)
  );
}

/** The columns by which records are ordered that have the first part of their key in common. */
export function restOfKey({ columns }: Table): readonly Column[] {
  return columns.filter(({ isKey }) => isKey).slice(1);
}
