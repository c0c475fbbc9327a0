import type { Field, InvalidInputError } from "@plumbline/sync";

/** What is wrong with a value, in the words Nautobot's clients look for; ours where it has none. */
export function explainFault(
  field: Field,
  input: unknown,
  error: InvalidInputError,
  isPlainChoice: boolean,
): string {
  const { min, max, maxLength } = field.facts;
  if (input === undefined) return "This field is required.";
  if (input === null) return "This field may not be null.";
  const text = textOf(input);
  switch (field.kind) {
    case "choice":
      return isPlainChoice ? `"${text}" is not a valid choice.` : `${text} is not a valid choice.`;
    case "boolean":
      return "Must be a valid boolean.";
    case "integer":
    case "decimal": {
      const number = Number(text);
      if (text.trim() === "" || Number.isNaN(number)) {
        return field.kind === "integer"
          ? "A valid integer is required."
          : "A valid number is required.";
      }
      if (max !== undefined && number > max) {
        return `Ensure this value is less than or equal to ${max}.`;
      }
      if (min !== undefined && number < min) {
        return `Ensure this value is greater than or equal to ${min}.`;
      }
      return field.kind === "integer" ? "A valid integer is required." : sentence(error.message);
    }
    case "text":
      return maxLength !== undefined && text.length > maxLength
        ? `Ensure this field has no more than ${maxLength} characters.`
        : sentence(error.message);
    default:
      return sentence(error.message);
  }
}

/** A value of a request as text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return begun.endsWith(".") ? begun : `${begun}.`;
}
