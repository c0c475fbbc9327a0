import { InvalidInputError } from "@plumbline/sync";
import type { Variable, VariableValues } from "@plumbline/plugin-kit";

type Declared = { readonly name: string } & Variable;

/**
 * The values a run gets, checked against what the job declares; absent ones take their default.
 * Text is taken for numbers and yes/no, as forms and command lines send it.
 * @throws InvalidInputError listing every fault; `details.faults` has them by variable name.
 */
export function checkVariables(
  declared: readonly Declared[],
  input: Readonly<Record<string, unknown>>,
): VariableValues {
  const faults: Record<string, string> = {};
  const values: Record<string, string | number | boolean | null> = {};
  for (const variable of declared) {
    const given = input[variable.name];
    const isAbsent = given === undefined || given === null || given === "";
    if (isAbsent) {
      if (variable.isRequired && variable.default === null) {
        faults[variable.name] = "is required";
      }
      values[variable.name] = variable.default;
      continue;
    }
    const read = readValue(variable, given);
    if (typeof read === "object") faults[variable.name] = read.fault;
    else values[variable.name] = read;
  }
  const known = new Set(declared.map(({ name }) => name));
  for (const name of Object.keys(input)) {
    if (known.has(name)) continue;
    const offer = declared.length > 0 ? `; it has ${[...known].join(", ")}` : "; it has none";
    faults[name] = `is not a variable of this job${offer}`;
  }
  const names = Object.keys(faults);
  if (names.length > 0) {
    const list = names.map((name) => `${name} ${faults[name] ?? ""}`).join("; ");
    throw new InvalidInputError(`The job's variables are not right: ${list}.`, {
      details: { faults },
    });
  }
  return values;
}

function readValue(
  variable: Declared,
  given: unknown,
): string | number | boolean | { fault: string } {
  switch (variable.kind) {
    case "text":
      if (typeof given === "string") return given;
      if (typeof given === "number") return String(given);
      return { fault: `expects text, got ${show(given)}` };
    case "integer": {
      const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
      if (typeof value === "number" && Number.isSafeInteger(value)) return value;
      return { fault: `expects a whole number, got ${show(given)}` };
    }
    case "boolean":
      if (typeof given === "boolean") return given;
      if (given === "true" || given === "yes" || given === "on") return true;
      if (given === "false" || given === "no" || given === "off") return false;
      return { fault: `expects true or false, got ${show(given)}` };
    case "choice":
      if (typeof given === "string" && variable.choices.includes(given)) return given;
      return { fault: `expects one of ${variable.choices.join(", ")}, got ${show(given)}` };
  }
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}
