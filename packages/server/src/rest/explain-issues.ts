// What is wrong with a request, in words for people.
import type { z } from "@hono/zod-openapi";
import { InvalidInputError } from "@plumbline/sync";

type Issue = z.core.$ZodIssue;

/** The error for a request that does not fit its declaration: one fault for each field, the first found. */
export function explainIssues(issues: readonly Issue[]): InvalidInputError {
  const byField = new Map<string, string>();
  for (const issue of issues) {
    const field = fieldOf(issue.path);
    if (!byField.has(field)) byField.set(field, explain(issue));
  }
  const faults = [...byField].map(([field, message]) => ({ field, message }));
  const text = faults.map(({ field, message }) => `${field || "the request"} ${message}`);
  return new InvalidInputError(`The request is not understood: ${text.join("; ")}.`, {
    details: { faults },
  });
}

/** A member of a comma-separated list is named by its list. */
function fieldOf(path: readonly PropertyKey[]): string {
  return path
    .filter((part) => typeof part !== "number")
    .map(String)
    .join(".");
}

function explain(issue: Issue): string {
  switch (issue.code) {
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "too_small":
      if (issue.origin !== "string") return `must be at least ${issue.minimum}`;
      return issue.minimum === 1
        ? "must not be empty"
        : `must have at least ${issue.minimum} characters`;
    case "too_big":
      return `must ${issue.origin === "string" ? "have at most" : "be at most"} ${issue.maximum}${issue.origin === "string" ? " characters" : ""}`;
    case "invalid_format":
      if (issue.format === "uuid") return "must be an id (32 hexadecimal digits in five groups)";
      return `must hold ${issue.message}`;
    case "invalid_type":
      // Any other text is the declaration's own.
      return issue.message.startsWith("Invalid input")
        ? `must be a value of type ${issue.expected}`
        : issue.message;
    default:
      return issue.message;
  }
}
