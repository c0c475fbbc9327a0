import type { FieldKind, KeyPart } from "@plumbline/sync";
import type { Join, Table } from "../../inventory/table.ts";

/** One member of the objects of a list. Rows are called by an alias that the functions take. */
export interface RestField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly kind: FieldKind;
  /** PostgreSQL's type of `place`. */
  readonly type: string;
  /** Where the value stands, for conditions and orders. */
  readonly place: (alias: string) => string;
  /** How the value is read as JSON. */
  readonly read: (alias: string) => string;
  /** Name of the resource that a reference, or a set of references, points to. */
  readonly target: string | null;
  /** The table of a set of references; null for what is a column. */
  readonly join: Join | null;
  readonly isNullable: boolean;
  readonly isReadOnly: boolean;
  /** Whether a new object must give it. */
  readonly isRequired: boolean;
  readonly choices: readonly string[];
  readonly maxLength: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Digits after the point of a decimal. */
  readonly scale: number | null;
  /**
   * How it is given: a choice as value and label, an empty text as "" or as null, the label equal to the
   * value for a status of a run.
   */
  readonly form: "plain" | "value-and-label" | "value-twice" | "empty-text";
}

/** What a list of the API is made of: a model of the hub, or records of the server itself. */
export interface Resource {
  /** What references to it are called by: the model's name. */
  readonly name: string;
  /** "dcim/locations" */
  readonly path: string;
  /** "dcim.location" */
  readonly contentType: string;
  readonly label: string;
  readonly pluralLabel: string;
  readonly description: string;
  /** A table, or a select in brackets. */
  readonly source: string;
  readonly fields: readonly RestField[];
  /** SQL for an object's key as JSON, references in it as keys. */
  readonly keySql: (alias: string) => string;
  /** The key's parts out of what `keySql` gave. */
  readonly readKey: (given: unknown) => readonly KeyPart[];
  readonly display: (key: readonly KeyPart[], values: RowValues) => string;
  /** The key as flat texts, references spelled out. */
  readonly naturalKey: (key: readonly KeyPart[]) => readonly (string | null)[];
  /** Names of what `naturalKey` gives, as in parent__name; a tree's path is given to that depth. */
  readonly keyColumns: (depthOf: (model: string) => number) => readonly string[];
  readonly searchFields: readonly string[];
  /** "-time" for descending. */
  readonly sort: readonly string[];
  /** The field that makes it a tree, if it is one. */
  readonly treeField: string | null;
  readonly hasNotes: boolean;
  readonly hasCustomFields: boolean;
  /** Where it is stored, if it can be written through the API. */
  readonly table: Table | null;
}

export type RowValues = Readonly<Record<string, unknown>>;

/** Every resource, by name and by path. */
export interface Resources {
  readonly all: readonly Resource[];
  get(name: string): Resource;
  /** Places that refer to objects of a resource. */
  referrers(name: string): readonly { readonly resource: Resource; readonly field: RestField }[];
}

export function collectResources(all: readonly Resource[]): Resources {
  const byName = new Map(all.map((resource) => [resource.name, resource]));
  const referrers = new Map<string, { resource: Resource; field: RestField }[]>();
  for (const resource of all) {
    for (const field of resource.fields) {
      if (field.target === null) continue;
      const list = referrers.get(field.target);
      if (list) list.push({ resource, field });
      else referrers.set(field.target, [{ resource, field }]);
    }
  }
  return {
    all,
    get(name) {
      const found = byName.get(name);
      if (!found) throw new Error(`The API has no resource ${name}.`);
      return found;
    },
    referrers: (name) => referrers.get(name) ?? [],
  };
}

export function findField(resource: Resource, name: string): RestField | undefined {
  return resource.fields.find((field) => field.name === name);
}

/** Fields of a resource that only its own list shows unless they are asked for. */
export function isHiddenSet({ join, name }: RestField): boolean {
  return join !== null && name !== "tags";
}
