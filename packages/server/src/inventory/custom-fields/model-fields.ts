// Custom fields as fields of their model, for texts that are sent and received: one column each beside the model's own.
import {
  type Canonical,
  type Field,
  type FieldKind,
  json,
  type Model,
  type Values,
} from "@plumbline/sync";
import {
  customFieldName,
  customFieldsName,
  type CustomFieldDefinition,
  type CustomFieldType,
} from "./definitions.ts";
import { readCustomValue } from "./read-value.ts";

/** The model with the custom fields that its objects have; their values are read as everywhere. */
export function withCustomFields(
  model: Model,
  definitions: readonly CustomFieldDefinition[],
): Model {
  if (definitions.length === 0) return model;
  const custom = new Map(
    definitions.map((definition) => [customFieldName(definition.key), fieldOf(definition)]),
  );
  return {
    ...model,
    fields: { ...model.fields, ...Object.fromEntries(custom) },
    names: [...model.names, ...custom.keys()],
    field: (name) => custom.get(name) ?? model.field(name),
  };
}

/** How a text tells a value: as words, as several, or as JSON. */
const kinds: Partial<Record<CustomFieldType, FieldKind>> = { "multi-select": "set", json: "json" };

const anything = json().nullable();

function fieldOf(definition: CustomFieldDefinition): Field {
  return {
    ...anything,
    kind: kinds[definition.type] ?? "text",
    normalise: (given) => readCustomValue(definition, given),
  };
}

/** Values by the names of fields, as a change carries them: custom fields by key under one name. */
export function foldCustomValues(
  values: Values,
  definitions: readonly CustomFieldDefinition[],
): Values {
  const keys = new Map(definitions.map(({ key }) => [customFieldName(key), key]));
  const own: Record<string, Canonical> = {};
  const custom: Record<string, Canonical> = {};
  for (const [name, value] of Object.entries(values)) {
    const key = keys.get(name);
    if (key === undefined) own[name] = value;
    else custom[key] = value;
  }
  return Object.keys(custom).length === 0 ? own : { ...own, [customFieldsName]: custom };
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
