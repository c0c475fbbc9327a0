import type { FieldKind } from "@plumbline/sync";
import type { Parameters } from "../parameters.ts";
import type { Join, Table } from "../table.ts";

/** What the objects of a list are filtered and sorted by. Rows are called by an alias that `place` takes. */
export interface ListField {
  readonly name: string;
  readonly kind: FieldKind;
  /** PostgreSQL's type of `place`. */
  readonly type: string;
  /** Where the value stands, for conditions and orders. */
  readonly place: (alias: string) => string;
  /** Where stands what it is ordered by, if not the value. */
  readonly order?: (alias: string) => string;
  /** Name of the list that a reference, or a set of references, points to. */
  readonly target: string | null;
  /** The table of a set of references; null for what is a column. */
  readonly join: Join | null;
  readonly isNullable: boolean;
  readonly choices: readonly string[];
  /** What it is, where no declaration says so. */
  readonly description?: string;
  /** Names of the two fields that it tells as one, with a slash between. */
  readonly parts: readonly [string, string] | null;
}

/** A list: the records of a model of the hub, or others that the server keeps. */
export interface List<F extends ListField = ListField> {
  /** What references to it are called by: the model's name. */
  readonly name: string;
  readonly label: string;
  readonly pluralLabel: string;
  /** A table, or a select in brackets. */
  readonly source: string;
  readonly fields: readonly F[];
  readonly searchFields: readonly string[];
  /** A condition on rows `t` that finds a text in what is kept apart from them; null where it is not looked for there. */
  readonly alsoFound?: (text: string, parameters: Parameters) => string | null;
  /** "-time" for descending. */
  readonly sort: readonly string[];
  /** The field that makes it a tree, if it is one. */
  readonly treeField: string | null;
  /** The field by whose value an object is called where a reference may be given by name. */
  readonly calledBy: string;
  /** Where it is stored; null for a list that is a select. */
  readonly table: Table | null;
}

/** Every list, by name. */
export interface Lists<L extends List = List> {
  readonly all: readonly L[];
  get(name: string): L;
  /** Places that refer to objects of a list. */
  referrers(name: string): readonly { readonly list: L; readonly field: L["fields"][number] }[];
}

export function collectLists<L extends List>(all: readonly L[]): Lists<L> {
  const byName = new Map(all.map((list) => [list.name, list]));
  const referrers = new Map<string, { list: L; field: L["fields"][number] }[]>();
  for (const list of all) {
    for (const field of list.fields) {
      if (field.target === null) continue;
      const known = referrers.get(field.target);
      if (known) known.push({ list, field });
      else referrers.set(field.target, [{ list, field }]);
    }
  }
  return {
    all,
    get(name) {
      const found = byName.get(name);
      if (!found) throw new Error(`There is no list ${name}.`);
      return found;
    },
    referrers: (name) => referrers.get(name) ?? [],
  };
}

export function findField<F extends ListField>(
  { fields }: { readonly fields: readonly F[] },
  name: string,
): F | undefined {
  return fields.find((field) => field.name === name);
}

/** The place of what a field is ordered by. */
export function orderPlace(field: ListField, alias: string): string {
  return (field.order ?? field.place)(alias);
}

/** The place of a field as text, where values are compared as people write them. */
export function textPlace(field: ListField, alias: string): string {
  const place = field.place(alias);
  if (field.type === "text") return place;
  if (field.type === "inet") return `host(${place})`;
  return field.type === "macaddr" ? `upper(${place}::text)` : `${place}::text`;
}

/** The ids of a reference or a set of references as it was read. */
export function idsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? (value as string[]) : [];
}
