// Custom fields as fields of their model, for texts that are sent and received: one column each beside the model's own.
import { customFieldKey, customFieldName } from "@plumbline/models";
import {
  type Canonical,
  type Field,
  type FieldKind,
  InvalidInputError,
  json,
  type Model,
  type Values,
} from "@plumbline/sync";
import {
  customFieldsName,
  type CustomFieldDefinition,
  type CustomFieldType,
} from "./definitions.ts";
import { readCustomValue } from "./read-value.ts";

/** The model with the custom fields that its objects have; their values are read as everywhere where nothing is said. */
export function withCustomFields(
  model: Model,
  definitions: readonly CustomFieldDefinition[],
  read: ReadValue = readCustomValue,
): Model {
  if (definitions.length === 0) return model;
  const custom = new Map(
    definitions.map((definition) => [customFieldName(definition.key), fieldOf(definition, read)]),
  );
  return {
    ...model,
    fields: { ...model.fields, ...Object.fromEntries(custom) },
    names: [...model.names, ...custom.keys()],
    field: (name) => custom.get(name) ?? model.field(name),
  };
}

type ReadValue = (definition: CustomFieldDefinition, given: unknown) => Canonical;

/** A value as two sides are compared by it: several choices in the order of the choices, for none of theirs matters. */
export function readComparedValue(definition: CustomFieldDefinition, given: unknown): Canonical {
  const value = readCustomValue(definition, given);
  return definition.type === "multi-select" && Array.isArray(value)
    ? definition.choices.filter((choice) => value.includes(choice))
    : value;
}

/** How a text tells a value: as words, as several, or as JSON. */
const kinds: Partial<Record<CustomFieldType, FieldKind>> = { "multi-select": "set", json: "json" };

const anything = json().nullable();

/** Names of the custom fields that a model was given. */
export function customNames(model: Model): readonly string[] {
  return model.names.filter((name) => customFieldKey(name) !== null);
}

/** The model's fields as it is declared. */
export function ownNames(model: Model): readonly string[] {
  return model.names.filter((name) => customFieldKey(name) === null);
}

function fieldOf(definition: CustomFieldDefinition, read: ReadValue): Field {
  return {
    ...anything,
    kind: kinds[definition.type] ?? "text",
    facts: { label: definition.label },
    normalise: (given) => read(definition, given),
  };
}

/** Values by the names of fields, as the hub's own change carries them: custom fields by key under one name. */
export function foldCustomValues(values: Values): Values {
  if (Object.keys(values).every((name) => customFieldKey(name) === null)) return values;
  const own: Record<string, Canonical> = {};
  const custom: Record<string, Canonical> = {};
  for (const [name, value] of Object.entries(values)) {
    const key = customFieldKey(name);
    if (key === null) own[name] = value;
    else custom[key] = value;
  }
  return { ...own, [customFieldsName]: custom };
}

/** The way back of `foldCustomValues`. */
export function unfoldCustomValues({ [customFieldsName]: custom, ...own }: Values): Values {
  const values: Record<string, Canonical> = { ...own };
  for (const [key, value] of Object.entries((custom ?? {}) as Values)) {
    values[customFieldName(key)] = value;
  }
  return values;
}

/** A row's stored custom values by the names of fields; what has none is null. */
export function namedCustomValues(
  stored: unknown,
  definitions: readonly CustomFieldDefinition[],
): Values {
  const values = (stored ?? {}) as Values;
  return Object.fromEntries(
    definitions.map(({ key }) => [customFieldName(key), values[key] ?? null]),
  );
}

/** A row's stored values of the custom fields that a model was given, in canonical form; what no longer fits, as it is. */
export function storedCustomValues(model: Model, stored: unknown): Values {
  const values = unfoldCustomValues({ [customFieldsName]: (stored ?? {}) as Values });
  return Object.fromEntries(
    customNames(model).map((name) => [name, canonicalOr(model.field(name), values[name] ?? null)]),
  );
}

function canonicalOr(field: Field, stored: Canonical): Canonical {
  try {
    return field.normalise(stored, () => "");
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return stored;
  }
}
