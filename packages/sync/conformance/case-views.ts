import type { Adapter, DiffSyncModel, Value } from "@plumbline/sync/diffsync";
import { modelFlagNames } from "./case-flags.ts";

/** A record's dict with the names of the cases. */
export function dictView(dict: Readonly<Record<string, Value>>): Value {
  const { modelFlags, ...fields } = dict;
  if (modelFlags === undefined) return fields;
  return { model_flags: modelFlagNames(modelFlags), ...fields };
}

/** An adapter's dict with the names of the cases; number-like unique ids keep their order. */
export function adapterDictView(
  dict: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Value>>>>>>,
): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  return new Map(
    Object.entries(dict).map(([model, records]) => [
      model,
      new Map(Object.entries(records).map(([uid, fields]) => [uid, dictView(fields)])),
    ]),
  );
}

/** A map without its empty entries. */
export function withoutEmpty<T extends { readonly size: number }>(
  map: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  return new Map([...map].filter(([, entries]) => entries.size > 0));
}

/** Something of each record of an adapter: type, then unique id; types without records left out. */
export function eachRecord<T extends Value>(
  adapter: Adapter,
  view: (record: DiffSyncModel) => T,
): ReadonlyMap<string, ReadonlyMap<string, T>> {
  return withoutEmpty(
    new Map(
      Array.from(adapter.getAllModelNames(), (model) => [
        model,
        new Map(adapter.getAll(model).map((record) => [record.getUniqueId(), view(record)])),
      ]),
    ),
  );
}
