// The words that the lists of what the server records are declared in.
import type { FieldKind } from "@plumbline/sync";
import type { List } from "../../inventory/lists/list.ts";
import { plainField } from "../../inventory/lists/table-list.ts";
import { readOnlyField } from "./hub-resources.ts";
import type { RestField } from "./resource.ts";

export interface RecordDeclaration {
  readonly name: string;
  readonly path: string;
  readonly contentType: string;
  readonly label: string;
  readonly pluralLabel: string;
  readonly description: string;
  /** A select with `id` (a uuid), `display`, `natural_key` (texts, or null for none) and a column for each field. */
  readonly select: string;
  readonly fields: readonly RestField[];
  readonly searchFields: readonly string[];
  readonly alsoFound?: NonNullable<List["alsoFound"]>;
  readonly sort: readonly string[];
  /** Members that are the same in every record. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Fields to sort and filter by that no answer holds. */
  readonly hidden?: readonly string[];
  /** Whether they are written over the API. */
  readonly isWritten?: boolean;
  /** What is written and never read. */
  readonly secrets?: readonly string[];
}

type Extra = Partial<Pick<RestField, "target" | "choices" | "form" | "labels" | "isNullable">>;

function field(name: string, kind: FieldKind, extra: Extra = {}): RestField {
  return { ...readOnlyField(plainField(name, kind)), ...extra };
}

export const text = (name: string, extra?: Extra) => field(name, "text", extra);
export const count = (name: string) => field(name, "integer", { isNullable: true });
export const moment = (name: string, isNullable = false) =>
  field(name, "date-time", { isNullable });
export const flag = (name: string) => field(name, "boolean");
export const texts = (name: string): RestField => ({ ...field(name, "list"), type: "text[]" });
export const json = (name: string) => field(name, "json", { isNullable: true });
export const reference = (name: string, target: string): RestField => ({
  ...field(name, "reference", { target, isNullable: true }),
  place: (alias) => `${alias}.${name}_id`,
  read: (alias) => `${alias}.${name}_id`,
});
/** An object of any model, told by `{"model", "id"}`. */
export const anyObject = (name: string) =>
  field(name, "json", { isNullable: true, form: "object" });

/** A uuid for a row that is numbered. */
export const uuidOf = (number: string) =>
  `('00000000-0000-4000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/** A moment as Nautobot writes it in what something is called. */
export const momentInName = (place: string, between: string) =>
  `to_char(${place} at time zone 'UTC', 'YYYY-MM-DD"${between}"HH24:MI:SS.US') || '+00:00'`;

/** What was made or done, by words that audit rows and syncs have for it. */
export const changeActions = ["create", "update", "delete"];

/** Facts of the model whose name is at a place, as SQL. */
export interface ModelFacts {
  /** "dcim.location" */
  readonly contentTypeOf: (place: string) => string;
  /** "DCIM | location" */
  readonly titleOf: (place: string) => string;
}
