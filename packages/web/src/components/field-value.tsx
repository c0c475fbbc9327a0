import { Link } from "@tanstack/react-router";
import type { FieldManifest, ModelManifest, ReferenceValue } from "../api/shapes.ts";
import { isCustomField } from "./custom-field.ts";
import { formatExactTime } from "./format.ts";
import { keyLabel, type Models } from "./key-label.ts";
import { LazyMarkdown } from "./lazy-markdown.tsx";
import classes from "./field-value.module.css";

/** A field's value as text: references by their names, never as key strings. */
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
  if (isReferenceValue(value)) return value.name;
  if (Array.isArray(value)) {
    return value.map((member: unknown) => valueText(models, field, member)).join(", ");
  }
  return JSON.stringify(value);
}

function isReferenceField(field: FieldManifest | undefined): boolean {
  return field?.kind === "reference" || field?.members === "reference";
}

export function isReferenceValue(value: unknown): value is ReferenceValue {
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
  if (isReferenceValue(value)) return <ReferenceLink {...{ models, value, links }} />;
  const isUrl = isCustomField(field) && field.type === "url";
  // What is stored as one need be none.
  if (isUrl && links !== "none" && typeof value === "string" && /^https?:\/\//i.test(value)) {
    return (
      <a href={value} rel="noreferrer nofollow">
        {value}
      </a>
    );
  }
  // In a table it stands in one line, as it is written.
  const isMarkdown = isCustomField(field) && field.type === "markdown" && links === "plain";
  if (isMarkdown && typeof value === "string") return <LazyMarkdown text={value} />;
  const kind = field?.kind ?? "";
  const isMono = monospaceKinds.has(kind) || typeof value === "object";
  return <span className={isMono ? "mono" : undefined}>{valueText(models, field, value)}</span>;
}

interface ReferenceLinkProps {
  models: Models;
  value: ReferenceValue;
  links?: FieldValueProps["links"];
}

/** What is referred to by its name; where it is stands beside the pointer. */
export function ReferenceLink({ models, value, links = "plain" }: ReferenceLinkProps) {
  const plural = models.get(value.model)?.plural;
  const place = value.label === value.name ? undefined : value.label;
  const isMono = monospaceKinds.has(namingKind(models.get(value.model)));
  const look = [isMono ? "mono" : "", links === "quiet" ? classes.quietLink : ""].join(" ").trim();
  if (links === "none" || !plural) {
    return (
      <span title={place} className={isMono ? "mono" : undefined}>
        {value.name}
      </span>
    );
  }
  return (
    <Link
      to="/inventory/$plural/$recordId/"
      params={{ plural, recordId: value.id }}
      title={place}
      className={look || undefined}
    >
      {value.name}
    </Link>
  );
}

/** The kind of what a record is called by. */
function namingKind(model: ModelManifest | undefined): string {
  return model?.fields.find(({ isKey, kind }) => isKey && kind !== "reference")?.kind ?? "";
}
