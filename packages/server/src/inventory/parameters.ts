/** Collects the values of a query's parameters. */
export interface Parameters {
  readonly values: unknown[];
  /** Adds a value and returns its place: "$3". */
  add(value: unknown): string;
}

export function createParameters(): Parameters {
  const values: unknown[] = [];
  return { values, add: (value) => `$${values.push(value)}` };
}
