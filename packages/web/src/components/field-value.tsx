import { Link } from "@tanstack/react-router";
import type { FieldManifest, ReferenceValue } from "../api/shapes.ts";
import { formatExactTime } from "./format.ts";
import { keyLabel, type Models } from "./key-label.ts";
import classes from "./field-value.module.css";

/** A field's value as text: references by their labels, never as key strings. */
export function valueText(
  models: Models,
  field: FieldManifest | undefined,
  value: unknown,
): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") {
    // Of a field that is not declared any more, a key string is still no text to read.
    if (isReferenceField(field) || field === undefined)
      return keyLabel(models, field?.target ?? null, value);
    if (field.kind === "date-time") return formatExactTime(value);
    return value;
  }
  if (typeof value === "number") return String(value);
  if (isReferenceValue(value)) return value.label;
  if (Array.isArray(value)) {
    return value.map((member: unknown) => valueText(models, field, member)).join(", ");
  }
  return JSON.stringify(value);
}

function isReferenceField(field: FieldManifest | undefined): boolean {
  return field?.kind === "reference" || field?.members === "reference";
}

function isReferenceValue(value: unknown): value is ReferenceValue {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    "label" in value &&
    "model" in value
  );
}

const monospaceKinds = new Set(["mac", "ip-address", "ip-interface", "prefix", "json"]);

interface FieldValueProps {
  models: Models;
  field: FieldManifest | undefined;
  value: unknown;
  /** How references link to their pages; "quiet" for tables, where many links would shout. */
  links?: "plain" | "quiet" | "none";
}

export function FieldValue({ models, field, value, links = "plain" }: FieldValueProps) {
  if (value === null || value === undefined || value === "") {
    return <span className={classes.none}>—</span>;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return <span className={classes.none}>none</span>;
    return (
      <span className={classes.members}>
        {value.map((member: unknown, index) => (
          <span key={index} className={classes.member}>
            <FieldValue models={models} field={field} value={member} links={links} />
          </span>
        ))}
      </span>
    );
  }
  if (isReferenceValue(value)) {
    const plural = models.get(value.model)?.plural;
    return links !== "none" && plural ? (
      <Link
        to="/inventory/$plural/$recordId/"
        params={{ plural, recordId: value.id }}
        className={links === "quiet" ? classes.quietLink : undefined}
      >
        {value.label}
      </Link>
    ) : (
      <>{value.label}</>
    );
  }
  const kind = field?.kind ?? "";
  const isMono = monospaceKinds.has(kind) || typeof value === "object";
  return <span className={isMono ? "mono" : undefined}>{valueText(models, field, value)}</span>;
}
