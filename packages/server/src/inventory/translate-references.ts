import { type Change, type Model, visitReferences } from "@plumbline/sync";
import type { HubView } from "./hub-view.ts";
import type { Queryable } from "./inventory.ts";
import { idsByKey } from "./key-lookup.ts";
import { keysById } from "./key-strings.ts";

/** The hub's own key of what a key of the view names; undefined where that is no object, or not only one. */
export type ReferenceTranslation = (target: string, key: string) => string | undefined;

/** For all that changes of a model set. */
export async function createReferenceTranslation(
  client: Queryable,
  view: HubView,
  model: Model,
  changes: readonly Change[],
): Promise<ReferenceTranslation> {
  const wanted = new Map<string, Set<string>>();
  for (const { name, field } of view.schema.referenceFields(model)) {
    for (const { after } of changes) {
      visitReferences(field, after?.[name], (target, key) => {
        if (!view.hasOtherKeys(target)) return;
        let keys = wanted.get(target);
        if (!keys) wanted.set(target, (keys = new Set()));
        keys.add(key);
      });
    }
  }
  const translated = new Map<string, Map<string, string>>();
  for (const [target, keys] of wanted) {
    const ids = await idsByKey(client, view, target, keys);
    const own = await keysById(client, view.base, view.baseName(target), ids.values());
    const byKey = new Map<string, string>();
    for (const [key, id] of ids) {
      const hubKey = own.get(id);
      if (hubKey !== undefined) byKey.set(key, hubKey);
    }
    translated.set(target, byKey);
  }
  return (target, key) => (view.hasOtherKeys(target) ? translated.get(target)?.get(key) : key);
}
