import type { HubModel } from "@plumbline/models";
import { type Action, keyLabel, type OutcomeError, type Schema } from "@plumbline/sync";
import type { Body, Dangling } from "./remote-fields.ts";
import type { Sent } from "./send-in-bulk.ts";

/** Of what a refusal speaks. */
export interface RefusedWrite {
  readonly name: string;
  readonly hub: HubModel;
  readonly action: Action;
  readonly label: string;
  readonly body: Body;
}

const actionWords = { create: "add", update: "change", delete: "delete" } as const;

/** A refusal in plain words: thing, fact, next step. */
export function explainRefusal(
  write: RefusedWrite,
  sent: Exclude<Sent, { kind: "done" }>,
): OutcomeError {
  const { name, hub, action, label } = write;
  if (sent.kind === "absent") return explainAbsent(name, label);
  if (sent.kind === "unknown") {
    return plain(
      "remote-system",
      `${label}: whether ${name} has written it is not known. ${sent.reason} Run again: what was written is found equal.`,
    );
  }
  const { status, answer } = sent;
  if (status === 401 || status === 403) {
    const permission = hub.contentType.replace(".", `.${actionWords[action]}_`);
    return plain(
      "not-allowed",
      `${label}: the token's user may not ${actionWords[action]} ${hub.model.pluralLabel} in ${name}${quoted(answer)}. Grant it the permission ${permission}, and let the token write.`,
    );
  }
  if (status === 409) return plain("conflict", explainProtected(write, answer));
  if (status === 404) return explainAbsent(name, label);
  const [fault] = faultsIn(answer);
  if (fault === undefined) {
    return plain(
      "remote-system",
      `${name} refused ${label} (${status})${quoted(answer)}. Look into its log.`,
    );
  }
  const { field, text } = fault;
  const value = field === null ? undefined : write.body[field];
  return {
    code: /already exists|unique set/.test(text) ? "conflict" : "invalid-input",
    message: `${name} refused ${label}: ${sentence(field, text, hub)}`,
    field,
    value: value === undefined || value === null ? null : shortened(textOf(value)),
  };
}

/** What a row says that refers to something the Nautobot does not have. */
export function explainDangling(
  schema: Schema,
  name: string,
  label: string,
  { field, target, key }: Dangling,
): OutcomeError {
  const referred = `${schema.model(target).label} ${keyLabel(schema, target, key)}`;
  return {
    code: "conflict",
    message: `${label}: its ${field} is the ${referred}, which ${name} does not have, or has more than once. Sync ${schema.model(target).pluralLabel} too, or start a new dry run.`,
    field,
    value: shortened(keyLabel(schema, target, key)),
  };
}

/** Says that the object to change is gone; its outcome is `stale`. */
export function explainAbsent(name: string, label: string): OutcomeError {
  return plain("stale", `${label} is no longer there in ${name}. Start a new dry run.`);
}

function explainProtected({ name, label }: RefusedWrite, answer: unknown): string {
  const said =
    typeof answer === "object" && answer !== null
      ? (Object.values(answer) as unknown[])[0]
      : answer;
  // "Unable to delete object. 500 dependent objects were found: device-1 (7e1f…), device-2 (4667…)"
  const found = /(\d+) dependent objects? (?:was|were) found: (.*)$/s.exec(String(said));
  if (found === null) return `${name} does not delete ${label}${quoted(answer)}.`;
  const [, count = "", list = ""] = found;
  const names = list.split(/, (?=\S)/).map((one) => one.replace(/ \([0-9a-f-]{36}\)$/, ""));
  const shown = names.slice(0, 3).join(", ");
  const more = Number(count) > 3 ? ` and ${Number(count) - 3} more` : "";
  return `${name} does not delete ${label}, because ${count} others there need it: ${shown}${more}. Delete or move these first.`;
}

interface Fault {
  readonly field: string | null;
  readonly text: string;
}

/** Faults by field, those of the whole object under names that are no fields. */
function faultsIn(answer: unknown): Fault[] {
  if (typeof answer !== "object" || answer === null) return [];
  if ("exception" in answer) {
    const error = (answer as { error?: unknown }).error;
    return [{ field: null, text: `it failed there: ${String(error).split("\n").join(" ")}` }];
  }
  return Object.entries(answer).flatMap(([name, texts]): Fault[] => {
    const isField = !["__all__", "non_field_errors", "detail"].includes(name);
    const list = Array.isArray(texts) ? (texts as unknown[]) : [texts];
    return list.map((text) => ({ field: isField ? name : null, text: textOf(text) }));
  });
}

function sentence(field: string | null, text: string, { model }: HubModel): string {
  // Nautobot says it in Python's words, and also where the object is there and may not be used.
  if (field !== null && text.startsWith("Related object not found")) {
    return `its ${field} cannot be used there. It may have been deleted, or is not for ${model.pluralLabel}: check its content types.`;
  }
  const stop = /[.!?]$/.test(text) ? "" : ".";
  return `${field === null ? "" : `${field}: `}${text}${stop} Correct it in the source, or change what is in its way.`;
}

function plain(code: string, message: string): OutcomeError {
  return { code, message, field: null, value: null };
}

function quoted(answer: unknown): string {
  const said =
    typeof answer === "object" && answer !== null
      ? ((answer as { detail?: unknown }).detail ?? null)
      : answer;
  return said === null || said === undefined || said === "" ? "" : `: "${shortened(textOf(said))}"`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
