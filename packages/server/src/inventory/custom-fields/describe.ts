// Custom fields as pages know fields: with what forms, columns and filters need.
import { customFieldName } from "@plumbline/models";
import type { FieldKind } from "@plumbline/sync";
import type { FieldManifest } from "../../plugins/manifest.ts";
import { type CustomFieldDefinition, type CustomFieldType } from "./definitions.ts";

export interface CustomFieldManifest extends FieldManifest {
  /** The heading it stands under; null for the common one. */
  readonly grouping: string | null;
  /** Whether lists are filtered by it. */
  readonly isFiltered: boolean;
  /** What its values are, as people chose. */
  readonly type: CustomFieldType;
}

const kinds: Readonly<Record<CustomFieldType, FieldKind>> = {
  text: "text",
  url: "text",
  markdown: "text",
  date: "text",
  integer: "integer",
  // Of three values, for none is one.
  boolean: "choice",
  datetime: "date-time",
  select: "choice",
  "multi-select": "set",
  json: "json",
};

/** Longest text of a single line, where the field says nothing. */
const lineLength = 255;

export function describeCustomField(field: CustomFieldDefinition): CustomFieldManifest {
  const { key, type, min, max } = field;
  const isLine = type === "text" || type === "url" || type === "date";
  const isNumber = type === "integer";
  return {
    name: customFieldName(key),
    label: field.label,
    kind: kinds[type],
    isKey: false,
    isNullable: !field.required,
    isDerived: false,
    description: field.description ?? "",
    isRequired: field.required,
    default: field.default,
    target: null,
    choices: type === "boolean" ? ["true", "false"] : field.choices,
    maxLength: isLine ? (max ?? lineLength) : null,
    min: isNumber ? min : null,
    max: isNumber ? max : null,
    scale: null,
    members: type === "multi-select" ? "choice" : null,
    grouping: field.grouping,
    isFiltered: field.filterLogic !== "disabled",
    type,
  };
}
