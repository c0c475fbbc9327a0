import type { RestForm } from "@plumbline/models";
import type { KeyPart } from "@plumbline/sync";
import type { Queryable } from "../../inventory/inventory.ts";
import type { ReadRecord } from "../../inventory/key-strings.ts";
import type { KeyCell } from "./natural-key.ts";
import type { CustomFieldIndex } from "../../inventory/custom-fields/definitions.ts";
import type { List, ListField, Lists } from "../../inventory/lists/list.ts";

/** One member of the objects of a list. */
export interface RestField extends ListField {
  readonly label: string;
  readonly description: string;
  /** How the value is read as JSON. */
  readonly read: (alias: string) => string;
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
   * How it is given: a choice as value and label, the value as a number, the label equal to the value for a status of a
   * run; an empty text as "" or as null; an object of any model.
   */
  readonly form:
    "plain" | "value-and-label" | "number-and-label" | "value-twice" | "empty-text" | "object";
  /** Words for choices whose own do not say it; read out of the value where absent. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a list of the API is made of: a model of the hub, or records of the server itself. */
export interface Resource extends List<RestField> {
  /** "dcim/locations" */
  readonly path: string;
  /** "dcim.location" */
  readonly contentType: string;
  readonly description: string;
  /** The keys of objects that were read, by their ids: as in the model, references in it as keys. */
  readonly readKeys: (
    client: Queryable,
    rows: readonly ReadRecord[],
  ) => Promise<ReadonlyMap<string, readonly KeyPart[]>>;
  readonly display: (key: readonly KeyPart[], values: RowValues) => string;
  /** What the natural slug is made of; null where there is none. */
  readonly slugParts: (key: readonly KeyPart[], id: string) => readonly (string | null)[] | null;
  /** The key as cells of CSV; of no object where it is null. */
  readonly keyCells: (
    key: readonly KeyPart[] | null,
    depthOf: (model: string) => number,
  ) => readonly KeyCell[];
  /** Numbers of objects that refer to it, by name. */
  readonly counts: NonNullable<RestForm["counts"]>;
  /** Members that have the same value in every object. */
  readonly fixed: readonly (readonly [name: string, value: unknown])[];
  /** Fields that are null in every answer, and passed over in a request. */
  readonly unkept: NonNullable<RestForm["unkept"]>;
  readonly emptySets: readonly string[];
  /** Sets that are shown, where they are asked for, of objects that others hold whole, too. */
  readonly nestedSets: readonly string[];
  /** Fields that no answer holds. */
  readonly writeOnly: readonly string[];
  /** What is written and never read: no field, for nothing is found by it. */
  readonly secrets: readonly string[];
  /** Whether they are created, changed and deleted as objects of the hub are. */
  readonly isWritten: boolean;
  /** Names under which a set takes a single member. */
  readonly single: NonNullable<RestForm["single"]>;
  /** The objects with what takes more than their rows to tell. */
  readonly complete?: (
    context: RelatedContext,
    objects: readonly StoredObject[],
  ) => Promise<readonly StoredObject[]>;
  readonly hasNotes: boolean;
  readonly hasCustomFields: boolean;
}

export type RowValues = Readonly<Record<string, unknown>>;

export type Resources = Lists<Resource>;

/** An object as it was read. */
export interface StoredObject {
  readonly resource: Resource;
  readonly id: string;
  readonly key: readonly KeyPart[];
  readonly values: RowValues;
}

/** What is at hand for reading what objects refer to. */
export interface RelatedContext {
  readonly client: Queryable;
  readonly resources: Resources;
  readonly customFields: CustomFieldIndex;
}

/** Sets of references that are shown only where they are asked for. */
export function isHiddenSet({ join, name }: RestField): boolean {
  return join !== null && name !== "tags";
}
