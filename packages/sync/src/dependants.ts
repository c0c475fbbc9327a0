import type { Change } from "./change.ts";
import { encodePart, joinParts, parseKey, partValue } from "./key.ts";
import { mapKeyReferences, visitReferences } from "./references.ts";
import type { Schema } from "./schema.ts";

/** Remembers what did not come about, and says which later changes cannot be tried for it. */
export interface Dependants {
  /** Notes a change that was not applied. */
  note(change: Change): void;
  /** The earlier change that this one waits for in vain, or null. */
  blockerOf(change: Change): Change | null;
}

/** Follows one apply, from its first change on; the schema says what refers to what. */
export function createDependants(schema: Schema): Dependants {
  /** Objects that are not in the target under this key: failed creates and renames. */
  const absent = new Map<string, Change>();
  /** Objects of which a row was not applied: those after it cannot be. */
  const unapplied = new Map<string, Change>();
  /** Objects that something still refers to: what failed deletes and updates refer to. */
  const referred = new Map<string, Change>();
  const address = (model: string, key: string): string => `${model} ${key}`;

  function eachReference(
    change: Change,
    values: Change["after"],
    visit: (target: string, key: string) => void,
  ): void {
    if (values === null) return;
    for (const { name, field } of schema.referenceFields(change.model)) {
      visitReferences(field, values[name], visit);
    }
  }

  function findAbsent(model: string, key: string): Change | null {
    const found = absent.get(address(model, key));
    if (found) return found;
    let above: Change | null = null;
    mapKeyReferences(schema, model, key, (target, parent) => {
      above ??= findAbsent(target, parent);
      return parent;
    });
    return above;
  }

  return {
    note(change) {
      unapplied.set(address(change.model, change.key), change);
      if (change.action === "create") absent.set(address(change.model, change.key), change);
      if (change.action === "update") {
        const key = keyAfter(schema, change);
        if (key !== change.key) absent.set(address(change.model, key), change);
      }
      eachReference(change, change.before, (target, key) => {
        referred.set(address(target, key), change);
      });
    },
    blockerOf(change) {
      const own = address(change.model, change.key);
      const earlier = unapplied.get(own);
      if (earlier !== undefined) return earlier;
      if (change.action === "delete") return referred.get(own) ?? null;
      if (absent.size === 0) return null;
      let blocker: Change | null = null;
      eachReference(change, change.after, (target, key) => {
        blocker ??= findAbsent(target, key);
      });
      return blocker;
    },
  };
}

/** The key an object has once its change is applied, as far as the change itself alters it. */
export function keyAfter(schema: Schema, change: Change): string {
  const model = schema.model(change.model);
  if (change.action !== "update" || !change.fields.some((name) => model.keyNames.includes(name))) {
    return change.key;
  }
  const parts = parseKey(change.key);
  const encoded = model.keyNames.map((name, index) => {
    const value = change.after?.[name];
    const isReference = model.field(name).kind === "reference";
    return encodePart(value === undefined ? partValue(parts[index] ?? null) : value, isReference);
  });
  return joinParts(encoded);
}
