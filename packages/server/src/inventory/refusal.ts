import type { DatabaseError } from "pg";
import type { OutcomeError } from "@plumbline/sync";
import { uniqueName } from "./emit-table.ts";
import type { Table } from "./table.ts";

/** What the hub does not accept, and of which object. */
export interface Refusal extends OutcomeError {
  readonly id: string;
}

/** A value that breaks a rule of the hub. */
export function refuse(
  id: string,
  field: string | null,
  value: string | number | boolean | null,
  message: string,
): Refusal {
  return {
    id,
    code: "invalid-value",
    message,
    field,
    value: value === null ? null : String(value),
  };
}

/** Whether an error of PostgreSQL is about the rows given, not about the connection or the server. */
export function isAboutRows(error: unknown): error is DatabaseError {
  const code = codeOf(error);
  // 22: data exception, 23: constraint violation, 54: over a limit (a key too long for its index).
  return code !== undefined && /^(22|23|54)/.test(code);
}

/** Whether the same transaction may go through when tried again: deadlock, serialization failure. */
export function isWorthRepeating(error: unknown): boolean {
  const code = codeOf(error);
  return code === "40P01" || code === "40001";
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" && error.code.length === 5 ? error.code : undefined;
}

/** An error of PostgreSQL about one row, in words. */
export function describeDatabaseError(error: DatabaseError, table: Table): OutcomeError {
  const { model } = table;
  if (error.code === "23505") {
    const shared = table.hubModel.unique?.find(
      (names) => uniqueName(table.name, names) === error.constraint,
    );
    const fields = shared ?? model.keyNames;
    return {
      code: "conflict",
      message: `Another ${model.label} has this ${fields.join(" and ")} already. Change one of the two.`,
      field: (shared ? fields.at(-1) : fields[0]) ?? null,
      value: null,
    };
  }
  const field =
    table.columns.find(
      ({ name, column }) =>
        error.column === column || error.constraint === `${table.name}_${name}_check`,
    )?.name ?? null;
  if (error.code === "23502" && field !== null) {
    return { code: "invalid-value", message: `${field} is missing.`, field, value: null };
  }
  if (error.code === "23514" && field !== null) {
    const choices = model.field(field).facts.choices;
    const message = choices
      ? `${field} must be one of ${choices.join(", ")}.`
      : `${field} must not be empty.`;
    return { code: "invalid-value", message, field, value: null };
  }
  if (error.code === "23503") {
    return {
      code: "conflict",
      message: `It refers to, or is referred to by, an object that changed meanwhile (${error.constraint ?? "a reference"}). Run again.`,
      field,
      value: null,
    };
  }
  return {
    code: "invalid-value",
    message: `The database does not accept it: ${error.message}.`,
    field,
    value: null,
  };
}
