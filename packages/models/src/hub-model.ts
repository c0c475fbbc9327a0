import type { Model } from "@plumbline/sync";

/** A heading of the menu. */
export type ModelGroup = "Organization" | "Devices" | "IPAM" | "Extensibility";

/**
 * A way along references: "device_type__manufacturer". A step "interface.device" goes back, to the interfaces that
 * refer to a device. Of a pair, what the second leads to must be true as well.
 */
export type FilterPath = string | readonly [along: string, only: string];

/** A way to narrow a model's list by more than its own fields. */
export type DeclaredFilter =
  /** By what is at the end of any of the ways, with all that can be asked of it. */
  | { readonly along: readonly FilterPath[] }
  /** Whether there is anything at the end of any of the ways. */
  | { readonly has: readonly FilterPath[] }
  /** By a list of texts: any of those given may be in it, where elsewhere each has to be. */
  | { readonly anyIn: string }
  /** By names for several choices of a field. */
  | { readonly of: string; readonly groups: Readonly<Record<string, readonly string[]>> }
  /**
   * Along a reference to records of the same model: those above a record; a record and those below it; those of so
   * many upper levels.
   */
  | { readonly tree: string; readonly takes: "above" | "below" | "levels" }
  /** By the set `reach` of places: where it is empty, or holds the place `at` of a record of model `of` or one above. */
  | { readonly reach: string; readonly of: string; readonly at: string };

/** Where a model's objects, in a Nautobot-style API, are not simply its fields by name. */
export interface RestForm {
  /**
   * What `display` says: "{name} ({vid})". A reference is called as its own model says; a part in
   * brackets that is empty is left out. The key's parts where absent.
   */
  readonly display?: string;
  /**
   * What its natural slug is made of: parts of the key, all where absent, and names of what the hub does not keep, whose
   * places stay empty; the id where there is nothing.
   */
  readonly slugOf?: readonly string[];
  /** Fields that a request must give of a new object, though the declaration knows what they are without. */
  readonly required?: readonly string[];
  /** Choices given as their word alone; the others are given as value and label. */
  readonly plainChoices?: readonly string[];
  /** Texts that are null when empty; the others are given as "". */
  readonly nullTexts?: readonly string[];
  /** Two fields given as one, with a slash between: address: ["host", "mask_length"]. */
  readonly joined?: Readonly<Record<string, readonly [string, string]>>;
  /** Names under which a set takes a single member: location: "locations". */
  readonly single?: Readonly<Record<string, string>>;
  /** Words for choices whose own do not say it, by field and choice. */
  readonly labels?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Choices that are numbers. */
  readonly numberChoices?: readonly string[];
  /**
   * Read-only numbers of objects that refer to it, by name: the model and its field, "*" for every model that has
   * the field; null for objects that the hub has no model of, of which there are none.
   */
  readonly counts?: Readonly<Record<string, readonly [model: string, field: string] | null>>;
  /**
   * Sets that others hold, told from this side: vrfs: ["vrf", "prefixes"]. Where they hold a reference only, a second
   * one says what is shown: interfaces: ["ip_address_to_interface", "ip_address", "interface"].
   */
  readonly reverse?: Readonly<
    Record<string, readonly [model: string, field: string, shown?: string]>
  >;
  /** Sets that an object tells where another holds it whole, too. */
  readonly nestedSets?: readonly string[];
  /** Fields that a request may give or filter by, and no answer holds. */
  readonly writeOnly?: readonly string[];
  /** What is said of such objects elsewhere and the hub knows nothing of: the value that says so. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /**
   * Fields that such objects have elsewhere and the hub does not keep, by the kind of their values: null in every
   * answer, and passed over in a request.
   */
  readonly unkept?: Readonly<Record<string, "integer" | "string" | "reference" | "json">>;
  /** Sets that such objects have elsewhere: always empty. */
  readonly emptySets?: readonly string[];
  /** Names that are made from another field where they are not given: key: "label". */
  readonly madeFrom?: Readonly<Record<string, string>>;
}

/** Records that refer to an object, shown on its page as a table. */
export interface RelatedTable {
  /** Model name of the records. */
  readonly model: string;
  /** Their reference to the object; "interface__device" where one lies between. */
  readonly field: string;
  /** Columns, in order. */
  readonly columns: readonly string[];
  /** A column more: what a third model links each record with. */
  readonly linked?: {
    readonly label: string;
    readonly model: string;
    /** The link's reference to the record. */
    readonly field: string;
    /** The link's reference to what is shown. */
    readonly shows: string;
  };
}

/** A model of the hub with the facts that pages, URLs and other models need beside its declaration. */
export interface HubModel<M extends Model = Model> {
  readonly model: M;
  /** Where the menu lists it. */
  readonly group: ModelGroup;
  /** How statuses, tags and location types name the model: "dcim.location". */
  readonly contentType: string;
  /** Its path in a Nautobot-style API: "dcim/locations". */
  readonly restPath: string;
  /**
   * Fields that a list's search looks into: texts and addresses for a part, integers for the whole number; by way of
   * references, with dots between, what the last of them points to is called.
   */
  readonly searchFields: readonly string[];
  /** Columns of its list, in order. */
  readonly listFields: readonly string[];
  /** Fields its list is sorted by when nothing is said; an index follows them. */
  readonly sort: readonly string[];
  /** References of the key whose names come before its own, which alone says little: an interface's device. */
  readonly calledAfter?: readonly string[];
  /** What its page shows beside its own values. */
  readonly tables?: readonly RelatedTable[];
  /** Filters of its list beside those that its fields and references give, by name. */
  readonly filters?: Readonly<Record<string, DeclaredFilter>>;
  readonly rest?: RestForm;
  /** Beside the key: fields that no two records share, among those that have all of them. */
  readonly unique?: readonly (readonly string[])[];
  /** Whether its records say how the hub works: jobs sync them only where they name the model. */
  readonly isSetting?: boolean;
  /** What objects of the other models have and its own do not. */
  readonly lacks?: readonly ("custom fields" | "notes")[];
}

/** Declares a model as part of the hub. */
export function defineHubModel<M extends Model>(facts: HubModel<M>): HubModel<M> {
  return facts;
}
