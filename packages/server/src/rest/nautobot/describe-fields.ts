// What OPTIONS answers: the fields of a resource for forms and for clients that look up choices.
import { labelOf, sentence } from "./render-object.ts";
import type { Resource, RestField } from "./resource.ts";

export function describeResource(resource: Resource, isList: boolean): Record<string, unknown> {
  const fields = describeMembers(resource);
  const actions = isList ? { POST: fields, PUT: fields } : { PUT: fields };
  return {
    name: isList ? titleOf(resource.pluralLabel) : titleOf(resource.label),
    description: resource.description,
    renders: ["application/json", "text/csv"],
    parses: ["application/json", "text/csv"],
    ...(resource.isWritten ? { actions } : {}),
  };
}

function describeMembers(resource: Resource): Record<string, unknown> {
  const {
    fields,
    counts,
    single,
    fixed,
    unkept,
    emptySets,
    writeOnly,
    secrets,
    treeField,
    hasNotes,
    hasCustomFields,
  } = resource;
  const joined = new Set(fields.flatMap(({ parts }) => parts ?? []));
  const members: Record<string, unknown> = {
    id: about("id", "string", { isReadOnly: false }),
    object_type: about("object_type", "string"),
    display: { ...about("display", "field"), help_text: "What people call it." },
    url: about("url", "field"),
    natural_slug: about("natural_slug", "field"),
  };
  if (treeField !== null) members["tree_depth"] = about("tree_depth", "field");
  for (const name of Object.keys(counts)) members[name] = about(name, "integer");
  for (const name of [...fixed.map(([name]) => name), ...emptySets])
    members[name] = about(name, "field");
  for (const [name, kind] of Object.entries(unkept)) {
    const type = kind === "integer" || kind === "string" ? kind : "field";
    members[name] = about(name, type, { isReadOnly: false });
  }
  for (const name of Object.keys(single)) {
    members[name] = about(name, "field", { isReadOnly: false });
  }
  for (const field of fields) {
    if (field.isReadOnly && writeOnly.includes(field.name)) continue;
    // A part is given as part of the whole.
    members[field.name] = describe(joined.has(field.name) ? { ...field, isReadOnly: true } : field);
  }
  for (const name of secrets) members[name] = about(name, "string", { isReadOnly: false });
  if (hasNotes) members["notes_url"] = about("notes_url", "field");
  if (hasCustomFields) {
    members["custom_fields"] = about("custom_fields", "field", { isReadOnly: false });
    members["computed_fields"] = about("computed_fields", "field");
    members["relationships"] = about("relationships", "field", { isReadOnly: false });
  }
  if ("local_config_context_data" in members) {
    members["config_context"] = about("config_context", "field");
  }
  return members;
}

/** A member that no object needs to be given with. */
function about(name: string, type: string, { isReadOnly } = { isReadOnly: true }) {
  return { type, required: false, read_only: isReadOnly, label: sentence(name) };
}

function describe(field: RestField): Record<string, unknown> {
  return {
    type: typeOf(field),
    required: field.isRequired,
    read_only: field.isReadOnly,
    label: field.label,
    ...(field.description === "" ? {} : { help_text: field.description }),
    ...(field.isReadOnly ? {} : boundsOf(field)),
  };
}

function boundsOf(field: RestField): Record<string, unknown> {
  const { kind, choices, maxLength, min, max, scale, form } = field;
  const valueOf = (choice: string) => (form === "number-and-label" ? Number(choice) : choice);
  const numbers =
    kind === "decimal"
      ? { ...(max === null ? {} : { max_digits: digitsIn(max) }), decimal_places: scale ?? 0 }
      : {
          ...(min === null ? {} : { min_value: min }),
          ...(max === null ? {} : { max_value: max }),
        };
  return {
    ...(maxLength === null ? {} : { max_length: maxLength }),
    ...numbers,
    ...(choices.length === 0
      ? {}
      : {
          choices: choices.map((choice) => ({
            value: valueOf(choice),
            display: labelOf(field, choice),
          })),
        }),
  };
}

function digitsIn(number: number): number {
  return String(number).replaceAll(/\D/g, "").length;
}

/** What Nautobot calls the kind of a value: a choice that is given with its label is a field like any other. */
function typeOf({ kind, form, isReadOnly, parts }: RestField): string {
  if (kind === "choice") return form.endsWith("-label") ? "field" : "choice";
  if (kind === "text" && isReadOnly && parts === null) return "field";
  return types[kind] ?? "field";
}

const types: Partial<Record<RestField["kind"], string>> = {
  text: "string",
  integer: "integer",
  decimal: "decimal",
  boolean: "boolean",
  "date-time": "datetime",
  mac: "string",
  prefix: "string",
};

/** "Custom fields" as a heading: "Custom Fields". */
function titleOf(label: string): string {
  return label.replaceAll(/(^| )(\w)/g, (found) => found.toUpperCase());
}
