// What the rows of a text say of a model's records: values and key, or what is wrong with them.
import {
  type Canonical,
  InvalidInputError,
  keyLabel,
  type Model,
  type Schema,
  type Values,
} from "@plumbline/sync";
import { keyOfValues } from "./key-parts.ts";

/** What is wrong with a field of a row; of the row as a whole where `field` is null. */
export interface RowFault {
  readonly field: string | null;
  readonly message: string;
}

/** A row of a text as its file form gives it. */
export interface GivenRow {
  /** Null where it is no record at all. */
  readonly values: Readonly<Record<string, unknown>> | null;
  /** "tenants.csv:3" */
  readonly place: string;
}

export interface ReadRow {
  readonly place: string;
  /** Key string; null where it cannot be read. */
  readonly key: string | null;
  readonly label: string | null;
  /** In canonical form: of the fields that the text speaks of, and the key. */
  readonly values: Values;
  readonly faults: RowFault[];
}

/**
 * Reads rows as a folder's file is read: a field that no row names is left alone, one that is empty is to be empty.
 * @param named fields that the text speaks of
 */
export function readRows(
  schema: Schema,
  model: Model,
  rows: readonly GivenRow[],
  named: readonly string[],
): ReadRow[] {
  const spoken = new Set(named);
  const names = model.names.filter(
    (name) => !model.field(name).isDerived && (spoken.has(name) || model.keyNames.includes(name)),
  );
  const first = new Map<string, string>();
  return rows.map((row) => {
    const read = readRow(schema, model, row, names);
    const before = read.key === null ? undefined : first.get(read.key);
    if (before !== undefined) {
      const message = `The same ${model.label} stands at ${before} already; keep one of the two.`;
      read.faults.push({ field: null, message });
    } else if (read.key !== null) first.set(read.key, row.place);
    return read;
  });
}

function readRow(
  schema: Schema,
  model: Model,
  { values: given, place }: GivenRow,
  names: readonly string[],
): ReadRow {
  const faults: RowFault[] = [];
  const values: Record<string, Canonical> = {};
  if (given === null) {
    faults.push({ field: null, message: "It is not a record of named values; correct it." });
    return { place, key: null, label: null, values, faults };
  }
  let isKeyRead = true;
  for (const name of names) {
    try {
      values[name] = readField(schema, model, given, name);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      faults.push({ field: name, message: sentence(error.message) });
      if (model.keyNames.includes(name)) isKeyRead = false;
    }
  }
  const key = isKeyRead ? keyOfValues(model, values) : null;
  return { place, key, label: key && keyLabel(schema, model, key), values, faults };
}

function readField(
  schema: Schema,
  model: Model,
  given: Readonly<Record<string, unknown>>,
  name: string,
): Canonical {
  const field = model.field(name);
  const { through } = field.facts;
  const parent = through === undefined ? undefined : given[through];
  const target = through === undefined ? undefined : model.field(through).facts.target;
  if (given[name] === undefined && parent != null && target !== undefined) {
    return schema.keyPart(target, schema.encodeReference(target, parent), name);
  }
  const value = field.normalise(given[name], schema.encodeReference);
  if (value === "" && model.keyNames.includes(name)) {
    throw new InvalidInputError("expected text, got nothing: it is part of the key");
  }
  return value;
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
