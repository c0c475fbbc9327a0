// What forms hold of a record, and what they send.
import type { FieldManifest, ModelManifest, ReferenceValue } from "../../api/shapes.ts";
import type { RecordBody } from "../../api/commands.ts";
import { customKey, isCustomField } from "../../components/custom-field.ts";

/** A control's value: text for most kinds, a record for a reference, a list for a set. */
export type FormValue =
  string | number | boolean | null | ReferenceValue | ReferenceValue[] | string[];

export type FormValues = Record<string, FormValue>;

/** The fields that people give. */
export function writableFields(model: ModelManifest): FieldManifest[] {
  return [...model.fields.filter((field) => !field.isDerived), ...model.customFields];
}

/** What the controls of a new record begin with. */
export function emptyValues(fields: readonly FieldManifest[]): FormValues {
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      field.target === null ? formValue(field, field.default ?? null) : formValue(field, null),
    ]),
  );
}

/** What the controls of a stored record begin with. */
export function formValues(
  fields: readonly FieldManifest[],
  values: Readonly<Record<string, unknown>>,
): FormValues {
  return Object.fromEntries(
    fields.map((field) => [field.name, formValue(field, values[field.name] ?? null)]),
  );
}

function formValue(field: FieldManifest, value: unknown): FormValue {
  if (field.kind === "set" || field.kind === "list") {
    return Array.isArray(value) ? (value as ReferenceValue[] | string[]) : [];
  }
  if (field.kind === "reference") return (value ?? null) as ReferenceValue | null;
  if (field.kind === "boolean") return value === true;
  // Yes, no or neither is a choice of three.
  if (typeof value === "boolean") return String(value);
  if (field.kind === "choice") return (value ?? null) as string | null;
  if (value === null || value === undefined) return "";
  if (field.kind === "date-time") return typeof value === "string" ? localOf(value) : "";
  if (typeof value === "object") return JSON.stringify(value, null, 2);
  return value as string | number;
}

/** The values as the API takes them: what differs from `initial`, or all. @throws SyntaxError for JSON that is none */
export function bodyOf(
  fields: readonly FieldManifest[],
  values: FormValues,
  initial: FormValues | null,
): RecordBody {
  const body: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name] ?? null;
    if (initial && JSON.stringify(value) === JSON.stringify(initial[field.name] ?? null)) continue;
    if (isCustomField(field)) custom[customKey(field)] = bodyValue(field, value);
    else body[field.name] = bodyValue(field, value);
  }
  return Object.keys(custom).length === 0 ? body : { ...body, custom_fields: custom };
}

/** A control's value as the API takes it. */
function bodyValue(field: FieldManifest, value: FormValue): unknown {
  if (Array.isArray(value)) {
    return value.map((member) => (typeof member === "string" ? member : member.id));
  }
  if (typeof value === "object" && value !== null) return value.id;
  if (value === "") return field.isNullable || field.kind !== "text" ? null : "";
  if (typeof value !== "string") return field.kind === "decimal" ? String(value) : value;
  if (field.kind === "date-time") return momentOf(value);
  if (field.kind === "json" || field.kind === "keyed-list") return JSON.parse(value);
  return value;
}

/** What is missing or cannot be sent, by field. */
export function faultsIn(
  fields: readonly FieldManifest[],
  values: FormValues,
): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = values[field.name] ?? null;
      if (field.isRequired && (value === "" || value === null))
        return [[field.name, "Is required"]];
      if (field.kind !== "json" && field.kind !== "keyed-list") return [];
      if (typeof value !== "string" || value === "") return [];
      try {
        JSON.parse(value);
        return [];
      } catch {
        return [[field.name, "Is not JSON"]];
      }
    }),
  );
}

/** A moment in the viewer's zone, as the browser's control takes it: "2026-04-01T12:30". */
export function localOf(iso: string | null): string {
  const time = iso === null ? NaN : Date.parse(iso);
  if (Number.isNaN(time)) return "";
  const offset = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 16);
}

/** The moment that the browser's control holds, in ISO form; null where it is empty or half typed. */
export function momentOf(local: string): string | null {
  const time = Date.parse(local);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
