import {
  type Canonical,
  type Change,
  equalCanonical,
  InvalidInputError,
  type Model,
  type Schema,
} from "@plumbline/sync";
import { isLeftOut, toFileForm } from "./record-form.ts";

/** A record as a file has it. */
export type FileValues = Readonly<Record<string, unknown>>;

/** One model's records as a file has them, by key; fields the model lacks are kept. */
export interface ModelTable {
  /** Why the object is not as the change expects it; null when it is. */
  staleness(change: Change): string | null;
  /** Makes the change here; nothing is written. */
  apply(change: Change): void;
  /** Everything there is now, in the order of keys. */
  records(): readonly FileValues[];
}

export function createModelTable(
  schema: Schema,
  model: Model,
  records: Iterable<FileValues>,
): ModelTable {
  const byKey = new Map<string, FileValues>();
  // Entries whose key cannot be read or is taken are written back as they are.
  const others: FileValues[] = [];
  for (const values of records) {
    const key = readKey(schema, model, values);
    if (key === null || byKey.has(key)) others.push(values);
    else byKey.set(key, values);
  }

  function canonical(values: FileValues, field: string): Canonical | undefined {
    try {
      return model.field(field).normalise(values[field], schema.encodeReference);
    } catch {
      return undefined;
    }
  }

  function fill(values: Record<string, unknown>, change: Change): Record<string, unknown> {
    for (const [name, value] of Object.entries(change.after ?? {})) {
      const field = model.field(name);
      if (isLeftOut(schema, field, value)) {
        const { [name]: _, ...rest } = values;
        values = rest;
      } else {
        values[name] = toFileForm(schema, field, value);
      }
    }
    return values;
  }

  return {
    staleness(change) {
      const values = byKey.get(change.key);
      if (change.action === "create") {
        return values === undefined ? null : "it is in the file by now";
      }
      if (values === undefined) return "it is no longer in the file";
      for (const [name, before] of Object.entries(change.before ?? {})) {
        if (model.keyNames.includes(name) || model.field(name).isDerived) continue;
        const now = canonical(values, name);
        if (now === undefined || !equalCanonical(now, before)) {
          return `its ${name} is another by now`;
        }
      }
      return null;
    },
    apply(change) {
      if (change.action === "delete") byKey.delete(change.key);
      else byKey.set(change.key, fill({ ...byKey.get(change.key) }, change));
    },
    records() {
      const keys = [...byKey.keys()].sort((a, b) => (a < b ? -1 : 1));
      return [...keys.map((key) => inOrder(model, byKey.get(key) ?? {})), ...others];
    },
  };
}

function readKey(schema: Schema, model: Model, values: FileValues): string | null {
  try {
    const parts = Object.fromEntries(model.keyNames.map((name) => [name, values[name]]));
    for (const name of model.keyNames) {
      const { through } = model.field(name).facts;
      if (parts[name] !== undefined || through === undefined || values[through] == null) continue;
      const { target } = model.field(through).facts;
      if (target === undefined) continue;
      const key = schema.encodeReference(target, values[through]);
      parts[name] = { encodedKey: schema.keyPart(target, key, name) };
    }
    return schema.encodeKey(model, parts);
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}

/** Fields in the order of the model, then the ones it lacks. */
function inOrder(model: Model, values: FileValues): FileValues {
  const ordered: Record<string, unknown> = {};
  for (const name of model.names) {
    if (values[name] !== undefined) ordered[name] = values[name];
  }
  return { ...ordered, ...values };
}
