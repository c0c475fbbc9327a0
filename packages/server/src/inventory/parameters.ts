/** Collects the values of a query's parameters. */
export interface Parameters {
  readonly values: unknown[];
  /** Adds a value and returns its place: "$3". */
  add(value: unknown): string;
}

/** @param given values that have places already: those of another query that this one holds */
export function createParameters(given: readonly unknown[] = []): Parameters {
  const values = [...given];
  return { values, add: (value) => `$${values.push(value)}` };
}
