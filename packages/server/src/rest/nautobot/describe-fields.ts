// What OPTIONS answers: the fields of a resource for forms and for clients that look up choices.
import { labelOf } from "./render-object.ts";
import type { Resource, RestField } from "./resource.ts";

export function describeResource(resource: Resource, isList: boolean): Record<string, unknown> {
  const fields = {
    ...Object.fromEntries(identifying.map(([name, label]) => [name, about("field", label)])),
    ...Object.fromEntries(resource.fields.map((field) => [field.name, describe(field)])),
    ...Object.fromEntries(
      Object.keys(resource.counts).map((name) => [name, about("integer", labelOf(name))]),
    ),
    ...(resource.hasNotes ? { notes_url: about("string", "Notes URL") } : {}),
    ...(resource.hasCustomFields
      ? { custom_fields: { ...about("field", "Custom fields"), read_only: false } }
      : {}),
    id: { ...about("string", "Id"), read_only: false },
  };
  const actions = isList ? { POST: fields, PUT: fields } : { PUT: fields };
  return {
    name: `${resource.label} ${isList ? "List" : "Instance"}`,
    description: resource.description,
    renders: ["application/json", "text/csv"],
    parses: ["application/json", "text/csv"],
    ...(resource.table === null ? {} : { actions }),
  };
}

const identifying = [
  ["object_type", "Object type"],
  ["display", "Display"],
  ["url", "URL"],
  ["natural_slug", "Natural slug"],
] as const;

/** A member that is given and not written. */
function about(type: string, label: string): Record<string, unknown> {
  return { type, required: false, read_only: true, label };
}

function describe(field: RestField): Record<string, unknown> {
  const isChoice = field.choices.length > 0;
  return {
    type: isChoice ? "choice" : (types[field.kind] ?? "field"),
    required: field.isRequired,
    read_only: field.isReadOnly,
    label: field.label,
    ...(field.description === "" ? {} : { help_text: field.description }),
    ...(field.maxLength === null ? {} : { max_length: field.maxLength }),
    ...(field.min === null ? {} : { min_value: field.min }),
    ...(field.max === null ? {} : { max_value: field.max }),
    ...(isChoice
      ? { choices: field.choices.map((value) => ({ value, display: labelOf(value) })) }
      : {}),
  };
}

const types: Partial<Record<RestField["kind"], string>> = {
  text: "string",
  integer: "integer",
  decimal: "decimal",
  boolean: "boolean",
  "date-time": "datetime",
  mac: "string",
  prefix: "string",
  "ip-address": "string",
};
