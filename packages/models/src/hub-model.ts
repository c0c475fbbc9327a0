import type { Model } from "@plumbline/sync";

export type ModelGroup = "Organization" | "IPAM" | "Extensibility";

/** A model of the hub with the facts that pages, URLs and other models need beside its declaration. */
export interface HubModel<M extends Model = Model> {
  readonly model: M;
  /** Where the menu lists it. */
  readonly group: ModelGroup;
  /** How statuses, tags and location types name the model: "dcim.location". */
  readonly contentType: string;
  /** Its path in a Nautobot-style API: "dcim/locations". */
  readonly restPath: string;
  /** Text fields that a list's search looks into. */
  readonly searchFields: readonly string[];
  /** Columns of its list, in order. */
  readonly listFields: readonly string[];
  /** Fields its list is sorted by when nothing is said; an index follows them. */
  readonly sort: readonly string[];
}

/** Declares a model as part of the hub. */
export function defineHubModel<M extends Model>(facts: HubModel<M>): HubModel<M> {
  return facts;
}
