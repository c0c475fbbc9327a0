import type { Change, Schema, StaleChange } from "@plumbline/sync";
import { hubModelOf, type ObjectFinder } from "./object-finder.ts";
import { differingField, type IdOf, referencesIn, withKey } from "./remote-fields.ts";

/**
 * Names the changes whose object is no longer as the plan says, asking for just these objects. What else of an
 * object was changed does not matter: the plan speaks only of its key and of the fields it holds.
 */
export async function findStaleObjects(
  schema: Schema,
  finder: ObjectFinder,
  changes: readonly Change[],
): Promise<readonly StaleChange[]> {
  const stale: StaleChange[] = [];
  for (const [model, group] of Map.groupBy(changes, (change) => change.model)) {
    const creates = group.filter(({ action }) => action === "create");
    const there = await finder.find(
      model,
      creates.map(({ key }) => key),
    );
    for (const change of creates) {
      if (there.has(change.key)) stale.push({ change, reason: "it is there by now" });
    }
    const rest = group.filter(({ targetId }) => targetId !== null);
    stale.push(...(await findTouched(schema, finder, model, rest)));
  }
  return stale;
}

async function findTouched(
  schema: Schema,
  finder: ObjectFinder,
  model: string,
  changes: readonly Change[],
): Promise<readonly StaleChange[]> {
  if (changes.length === 0) return [];
  const hub = hubModelOf(model);
  const planned = changes.map((change) => withKey(schema, hub, change.key, change.before));
  const [objects, idOf] = await Promise.all([
    finder.read(
      model,
      changes.map(({ targetId }) => targetId ?? ""),
    ),
    findIds(finder, referencesIn(hub, planned)),
  ]);
  return changes.flatMap((change, index): StaleChange[] => {
    const object = objects.get(change.targetId ?? "");
    if (object === undefined) return [{ change, reason: "it is no longer there" }];
    const field = differingField(hub, object, planned[index] ?? {}, idOf);
    return field === null ? [] : [{ change, reason: `its ${field} is another by now` }];
  });
}

/** Looks up what values refer to; what is there more than once counts as not there. */
export async function findIds(
  finder: ObjectFinder,
  references: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<IdOf> {
  const found = new Map(
    await Promise.all(
      [...references].map(
        async ([target, keys]) => [target, await finder.find(target, keys)] as const,
      ),
    ),
  );
  return (target, key) => {
    const [id, another] = found.get(target)?.get(key) ?? [];
    return another === undefined ? id : undefined;
  };
}
