/** One input of a job's form, as data. */
export interface Variable {
  readonly kind: "text" | "integer" | "boolean" | "choice";
  readonly label: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly default: string | number | boolean | null;
  readonly choices: readonly string[];
}

/** Declared variables by their names. */
export type Variables = Readonly<Record<string, Variable>>;

/** What a run gets for the variables, checked against their declarations. */
export type VariableValues = Readonly<Record<string, string | number | boolean | null>>;

interface Options<T> {
  label?: string;
  description?: string;
  required?: boolean;
  default?: T;
}

function make(
  kind: Variable["kind"],
  options: Options<string | number | boolean>,
  choices: readonly string[] = [],
): Variable {
  return {
    kind,
    label: options.label ?? "",
    description: options.description ?? "",
    isRequired: options.required ?? false,
    default: options.default ?? null,
    choices,
  };
}

/** Declares the inputs of a job's form: `variables: { site: variable.text({ label: "Site" }) }`. */
export const variable = {
  text: (options: Options<string> = {}): Variable => make("text", options),
  integer: (options: Options<number> = {}): Variable => make("integer", options),
  boolean: (options: Options<boolean> = {}): Variable =>
    make("boolean", { default: false, ...options }),
  choice: (choices: readonly string[], options: Options<string> = {}): Variable =>
    make("choice", options, choices),
};
