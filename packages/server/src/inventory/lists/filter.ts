import type { Parameters } from "../parameters.ts";
import type { ListField } from "./list.ts";

/** A value of a filter as it was read: an id where it names an object; null where it says "null". */
export type FilterValue = unknown;

/** A condition on rows `t` that holds for any of the values. */
export type FilterCondition = (values: readonly FilterValue[], parameters: Parameters) => string;

/** A parameter that narrows a list. */
export interface Filter {
  readonly name: string;
  /** What a value looks like, for documents. */
  readonly type: "string" | "integer" | "number" | "boolean" | "date-time" | "uuid";
  /** The list whose objects the values name, by id or by name. */
  readonly target: string | null;
  readonly choices: readonly string[];
  /** Whether "null" stands for no value. */
  readonly takesNull: boolean;
  /** Whether Nautobot's clients are given nothing for a value that cannot be, rather than a fault. */
  readonly isLenient: boolean;
  /** The only field of a row that it looks at; null where it looks at more. */
  readonly looksAt: ListField | null;
  /** @throws InvalidInputError for a value that cannot be */
  readonly read: (text: string) => FilterValue;
  readonly condition: FilterCondition;
}

/** A filter of texts, if nothing else is said. */
export function filter(
  name: string,
  condition: FilterCondition,
  rest: Partial<Omit<Filter, "name" | "condition">> = {},
): Filter {
  return {
    ...{ name, condition, type: "string", target: null, choices: [], looksAt: null },
    ...{ takesNull: false, isLenient: false, read: (text: string) => text },
    ...rest,
  };
}

/** The filter, and with `__n` its opposite; what has no value is among the opposite. */
export function withNegation(positive: Filter): Filter[] {
  return [positive, negation(positive, `${positive.name}__n`)];
}

export function negation(positive: Filter, name: string): Filter {
  const condition: FilterCondition = (values, parameters) =>
    `not coalesce(${positive.condition(values, parameters)}, false)`;
  return { ...positive, name, condition };
}

/** The condition of the values, or that of having none where null is among them. */
export function orEmpty(
  values: readonly FilterValue[],
  none: string,
  condition: (values: readonly FilterValue[]) => string,
): string {
  const others = values.filter((value) => value !== null);
  if (others.length === values.length) return condition(values);
  return others.length === 0 ? none : `(${condition(others)} or ${none})`;
}
