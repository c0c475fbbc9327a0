// The changes that a request asks of the hub's writer.
import {
  type Action,
  type Canonical,
  type Change,
  equalCanonical,
  InvalidInputError,
  keyLabel,
  type Values,
} from "@plumbline/sync";
import {
  type CustomFieldDefinition,
  customFieldsName,
} from "../../inventory/custom-fields/definitions.ts";
import { readCustomValue } from "../../inventory/custom-fields/read-value.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { addFault, type FaultsByPlace } from "./faults-by-place.ts";
import { canonicalOf, type Given, type Writable } from "./read-input.ts";
import type { StoredObject } from "./resource.ts";

/** An object held until the transaction ends, and its version. */
export type Locked = StoredObject & { readonly version: string };

export function createChange(
  inventory: Inventory,
  resource: Writable,
  given: Given,
  id: string | null,
  place: number,
  faults: FaultsByPlace,
): Change | null {
  const { model } = resource.table;
  const after: Record<string, Canonical> = {};
  let isGood = !faults.has(place);
  const fault = (field: string, text: string): void => {
    isGood = false;
    addFault(faults, place, field, text);
  };
  for (const name of resource.table.hubModel.rest?.required ?? []) {
    if (!given.has(name)) fault(name, "This field is required.");
  }
  for (const name of model.names) {
    const field = model.field(name);
    if (field.isDerived) continue;
    const { through } = field.facts;
    if (through !== undefined && given.get(name) === undefined && given.has(through)) {
      const { target } = model.field(through).facts;
      const key = canonicalOf(inventory, resource, through, given, fault);
      if (typeof key === "string" && target !== undefined) {
        after[name] = inventory.schema.keyPart(target, key, name);
      }
      continue;
    }
    const value = canonicalOf(inventory, resource, name, given, fault);
    if (value !== undefined) after[name] = value;
  }
  if (!isGood) return null;
  const custom = given.get(customFieldsName);
  if (custom && "value" in custom) after[customFieldsName] = custom.value as Canonical;
  return {
    ...changeOf(inventory, resource, "create", encodeKey(inventory, resource, after)),
    after,
    targetId: id,
  };
}

export function updateChange(
  inventory: Inventory,
  resource: Writable,
  object: Locked,
  was: Values,
  given: Given,
  place: number,
  faults: FaultsByPlace,
  definitions: readonly CustomFieldDefinition[],
): Change | null {
  const before: Record<string, Canonical> = {};
  const after: Record<string, Canonical> = {};
  const custom = changedCustomFields(given, object, definitions);
  if (custom !== null) after[customFieldsName] = custom;
  for (const name of given.keys()) {
    if (name === customFieldsName || resource.table.model.field(name).isDerived) continue;
    const value = canonicalOf(inventory, resource, name, given, (field, text) =>
      addFault(faults, place, field, text),
    );
    const old = was[name] ?? null;
    if (value === undefined || equalCanonical(old, value)) continue;
    before[name] = old;
    after[name] = value;
  }
  const fields = Object.keys(after);
  if (fields.length === 0) return null;
  return {
    ...changeOf(inventory, resource, "update", keyOf(object)),
    before,
    after,
    fields,
    targetId: object.id,
    targetVersion: object.version,
  };
}

/** The custom fields that differ from what is stored; null for none. */
function changedCustomFields(
  given: Given,
  { values }: StoredObject,
  definitions: readonly CustomFieldDefinition[],
): Values | null {
  const entry = given.get(customFieldsName);
  if (!entry || !("value" in entry)) return null;
  const stored = (values[customFieldsName] ?? {}) as Values;
  const changed = Object.entries(entry.value as Values).filter(([key, value]) => {
    const definition = definitions.find((each) => each.key === key);
    return !equalCanonical(stored[key] ?? null, definition ? asStored(definition, value) : value);
  });
  return changed.length === 0 ? null : Object.fromEntries(changed);
}

/** A value as it would be stored; as it was given where it cannot be, which the hub's writer says. */
function asStored(definition: CustomFieldDefinition, value: Canonical): Canonical {
  try {
    return readCustomValue(definition, value);
  } catch (error) {
    if (error instanceof InvalidInputError) return value;
    throw error;
  }
}

/** A whole object, as PUT sends it, names what a new one must. */
export function checkWhole(
  resource: Writable,
  given: Given,
  place: number,
  faults: FaultsByPlace,
): void {
  const joined = resource.table.hubModel.rest?.joined ?? {};
  for (const { name, isRequired } of resource.fields) {
    const parts = joined[name] ?? [name];
    if (isRequired && !parts.every((part) => given.has(part))) {
      addFault(faults, place, name, "This field is required.");
    }
  }
}

export function changeOf(
  inventory: Inventory,
  resource: Writable,
  action: Action,
  key: string,
): Change {
  return {
    model: resource.name,
    action,
    key,
    label: keyLabel(inventory.schema, resource.name, key),
    parentModel: null,
    parentKey: null,
    before: null,
    after: null,
    fields: [],
    rank: 0,
    targetId: null,
    targetVersion: null,
    sourceId: null,
  };
}

export function keyOf({ key }: StoredObject): string {
  return JSON.stringify(key);
}

function encodeKey(inventory: Inventory, { table }: Writable, values: Values): string {
  const { model } = table;
  const parts = model.keyNames.map((name) => {
    const value = values[name];
    const isReference = model.field(name).kind === "reference";
    return isReference && typeof value === "string" ? { encodedKey: value } : value;
  });
  return inventory.schema.encodeKey(model, parts);
}
