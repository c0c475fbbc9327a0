import {
  type Canonical,
  mapKeyReferences,
  mapReferences,
  type Model,
  type Schema,
  type SideRecord,
} from "@plumbline/sync";
import { keyOfValues } from "../../inventory/key-parts.ts";
import type { FormerObject, RenamedObject } from "./former-object.ts";

/** An object of the journal with its record as it is now. */
export interface StandingObject {
  readonly object: FormerObject;
  readonly record: SideRecord;
}

/** Whose names were others before the sync, or are others since. */
export interface NamedObjects {
  readonly standing: readonly StandingObject[];
  /** Those that are not there now and are to come back. */
  readonly absent: readonly FormerObject[];
  readonly renamedSince: readonly {
    readonly renamed: RenamedObject;
    readonly record: SideRecord;
  }[];
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
export function createFormerKeys(schema: Schema, named: NamedObjects): FormerKeys {
  const standing = new Map(
    named.standing
      .filter(({ object }) => object.existed && touchesKey(schema.model(object.model), object))
      .map((each) => [address(each.object.model, each.record.key), each]),
  );
  // By address: the key before, of what the sync renamed or moved itself.
  const renamed = new Map<string, string>();
  /** Keys that objects have again. */
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
    const before = keyBefore(schema.model(model), found.record, found.object.values, journalKey);
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
    model: Model,
    record: SideRecord,
    values: Readonly<Record<string, Canonical>>,
    translate: (model: string, key: string) => string,
  ): string {
    return keyOfValues(
      model,
      Object.fromEntries(
        model.keyNames.map((name, index) => {
          const own = values[name];
          const value = own === undefined ? (record.values[index] ?? null) : own;
          const map = own === undefined ? presentKey : translate;
          return [name, mapReferences(model.field(name), value, map)];
        }),
      ),
    );
  }

  for (const { model, values } of named.absent) {
    former.add(address(model, keyOfValues(schema.model(model), values)));
  }
  const inOrder = new Map(schema.order.map(({ name }, place) => [name, place]));
  const byOrder = (a: { model: string }, b: { model: string }): number =>
    (inOrder.get(a.model) ?? 0) - (inOrder.get(b.model) ?? 0);
  for (const { object, record } of [...standing.values()].sort((a, b) =>
    byOrder(a.object, b.object),
  )) {
    former.add(address(object.model, presentKey(object.model, record.key)));
  }
  for (const { renamed: each, record } of [...named.renamedSince].sort((a, b) =>
    byOrder(a.renamed, b.renamed),
  )) {
    const then = keyBefore(schema.model(each.model), record, each.values, (_, key) => key);
    since.set(address(each.model, then), record.key);
  }

  return {
    ofPresent: (model, name, value) => mapReferences(model.field(name), value, presentKey),
    ofJournal: (model, name, value) => mapReferences(model.field(name), value, journalKey),
  };
}

function touchesKey({ keyNames }: Model, { values }: FormerObject): boolean {
  return keyNames.some((name) => values[name] !== undefined);
}

function address(model: string, key: string): string {
  return `${model} ${key}`;
}
