// What OPTIONS answers: the fields of a resource for forms and for clients that look up choices.
import { labelOf } from "./render-object.ts";
import type { Resource, RestField } from "./resource.ts";

export function describeResource(resource: Resource, isList: boolean): Record<string, unknown> {
  const fields = Object.fromEntries(resource.fields.map((field) => [field.name, describe(field)]));
  const actions = isList ? { POST: fields, PUT: fields } : { PUT: fields };
  return {
    name: `${resource.label} ${isList ? "List" : "Instance"}`,
    description: resource.description,
    renders: ["application/json", "text/csv"],
    parses: ["application/json"],
    ...(resource.table === null ? {} : { actions }),
  };
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
