import {
  type Canonical,
  mapKeyReferences,
  mapReferences,
  type Model,
  type Schema,
} from "@plumbline/sync";
import { keyOfValues } from "../../inventory/key-parts.ts";

/** An object that the sync renamed or moved, or that others have since. */
export interface NamedObject {
  readonly model: string;
  readonly key: string;
  /** Its key parts as they are now. */
  readonly parts: readonly (Canonical | undefined)[];
  /** Those that were others: before the sync, or right after it. */
  readonly values: Readonly<Record<string, Canonical>>;
}

/** Whose names were others before the sync, or are others since. */
export interface NamedObjects {
  readonly renamed: readonly NamedObject[];
  readonly renamedSince: readonly NamedObject[];
  /** The keys of those that are not there now and are to come back. Read where somebody was renamed. */
  readonly absentKeys: () => AsyncIterable<{ readonly model: string; readonly key: string }>;
}

export interface FormerKeys {
  /** A value of the target as it is now, by the keys of before the sync. */
  ofPresent(model: Model, name: string, value: Canonical): Canonical;
  /** A value of the journal, by the same keys: what it refers to may have been renamed since. */
  ofJournal(model: Model, name: string, value: Canonical): Canonical;
}

/**
 * Translates references into the keys that objects have once the sync is taken back: what the sync renamed has its
 * former name, and what others have renamed since has the name it has now.
 */
export async function createFormerKeys(schema: Schema, named: NamedObjects): Promise<FormerKeys> {
  const standing = new Map(named.renamed.map((each) => [address(each.model, each.key), each]));
  // By address: the key before, of what the sync renamed or moved itself.
  const renamed = new Map<string, string>();
  /** Keys that objects have again, where they are those of others now. */
  const former = new Set<string>();
  /** By the address right after the sync: the key now, of what others renamed since. */
  const since = new Map<string, string>();

  const presentKey = (model: string, key: string): string => {
    const known = renamed.get(address(model, key));
    if (known !== undefined) return known;
    const found = standing.get(address(model, key));
    if (found === undefined) return mapKeyReferences(schema, model, key, presentKey);
    // An object cannot stand below itself; should it, it has the key it has.
    renamed.set(address(model, key), key);
    const before = keyBefore(found, journalKey);
    renamed.set(address(model, key), before);
    return before;
  };
  const journalKey = (model: string, key: string): string => {
    if (former.has(address(model, key))) return mapKeyReferences(schema, model, key, journalKey);
    const now = since.get(address(model, key)) ?? key;
    if (now !== key || standing.has(address(model, key))) return presentKey(model, now);
    return mapKeyReferences(schema, model, key, journalKey);
  };
  function keyBefore(
    { model: name, parts, values }: NamedObject,
    translate: (model: string, key: string) => string,
  ): string {
    const model = schema.model(name);
    return keyOfValues(
      model,
      Object.fromEntries(
        model.keyNames.map((part, index) => {
          const own = values[part];
          const value = own === undefined ? (parts[index] ?? null) : own;
          const map = own === undefined ? presentKey : translate;
          return [part, mapReferences(model.field(part), value, map)];
        }),
      ),
    );
  }
  /** Notes which of some keys objects have that come back. */
  async function noteAbsent(keys: ReadonlyMap<string, unknown>): Promise<void> {
    if (keys.size === 0) return;
    for await (const { model, key } of named.absentKeys()) {
      if (keys.has(address(model, key))) former.add(address(model, key));
    }
  }

  await noteAbsent(standing);
  const inOrder = new Map(schema.order.map(({ name }, place) => [name, place]));
  const byOrder = (a: NamedObject, b: NamedObject): number =>
    (inOrder.get(a.model) ?? 0) - (inOrder.get(b.model) ?? 0);
  for (const { model, key } of [...standing.values()].sort(byOrder)) {
    former.add(address(model, presentKey(model, key)));
  }
  for (const each of [...named.renamedSince].sort(byOrder)) {
    since.set(
      address(
        each.model,
        keyBefore(each, (_, key) => key),
      ),
      each.key,
    );
  }
  await noteAbsent(since);

  return {
    ofPresent: (model, name, value) => mapReferences(model.field(name), value, presentKey),
    ofJournal: (model, name, value) => mapReferences(model.field(name), value, journalKey),
  };
}

function address(model: string, key: string): string {
  return `${model} ${key}`;
}
