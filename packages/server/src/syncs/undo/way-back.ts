import {
  type Adapter,
  type Canonical,
  equalCanonical,
  type Finding,
  type Model,
  type Pair,
  type Schema,
  type SideRecord,
  type Store,
  type Values,
} from "@plumbline/sync";
import { createFormerKeys, type FormerKeys, type StandingObject } from "./former-keys.ts";
import type { FormerObject, Journal } from "./former-object.ts";

/** An object that is not taken back until a person says so. */
export interface ChangedObject {
  readonly model: string;
  readonly id: string | null;
  /** Its key now, where it has no id. */
  readonly key: string | null;
  /** Thing, fact, next step. */
  readonly reason: string;
}

/** What a sync that takes another one back goes by. */
export interface WayBack {
  /** The target as it was before the sync: as it is now, save what the sync did to it. */
  readonly source: Adapter;
  /** What is no longer there to be taken back. */
  readonly findings: readonly Finding[];
  /** What others changed since. */
  readonly changed: readonly ChangedObject[];
  /** Values that no model declares, custom fields, of an object that comes back, by its id. */
  beside(id: string | null): Values | null;
  /** Objects are themselves, whatever they are called. */
  pairs(model: Model): Iterable<Pair>;
}

/** Finds the way back in the loaded target. */
export async function findWayBack(
  target: Adapter,
  { schema, models }: { readonly schema: Schema; readonly models: readonly Model[] },
  store: Store,
  journal: Journal,
): Promise<WayBack> {
  const found = await findStanding(schema, models, store, journal);
  const neverArrived = new Set(
    found.standing.filter((each) => !hasArrived(schema, each)).map(({ object }) => object),
  );
  const standing = found.standing.filter(({ object }) => !neverArrived.has(object));
  const absent = found.absent.filter(({ existed, isWhole }) => existed && isWhole);
  const gone = found.absent.filter(({ existed, isWhole }) => existed && !isWhole);
  const keys = createFormerKeys(schema, {
    standing,
    absent,
    renamedSince: found.renamedSince,
  });
  const undeclared = new Map(
    absent.flatMap(({ id, model, values }) => {
      const { names } = schema.model(model);
      const more = Object.entries(values).filter(([name]) => !names.includes(name));
      return id === null || more.length === 0 ? [] : [[id, Object.fromEntries(more)]];
    }),
  );
  const provided = new Map(
    models.map((model) => [model.name, new Set(target.provides?.(model) ?? model.names)]),
  );

  return {
    findings: gone.map((object) => goneSince(schema, object)),
    changed: changedOf(schema, standing, absent),
    beside: (id) => undeclared.get(id ?? "") ?? null,
    *pairs({ name }) {
      for (const { object, record } of standing) {
        const { id } = record;
        if (object.model === name && id !== undefined) yield { sourceId: id, targetId: id };
      }
    },
    source: {
      name: `${target.name} as it was`,
      models: target.models,
      ...(target.provides && { provides: target.provides.bind(target) }),
      async *load() {
        for (const model of models) {
          for await (const records of store.read("target", model.name)) {
            yield records.flatMap((record) => {
              const met = found.lookup(model.name, record);
              const object = met !== undefined && neverArrived.has(met) ? undefined : met;
              if (object?.existed === false) return [];
              return model.canonical(valuesBefore(model, record, object, keys), { id: record.id });
            });
          }
          const names = provided.get(model.name);
          for (const { model: of, id, values } of absent) {
            if (of !== model.name) continue;
            const former: Record<string, Canonical> = {};
            for (const [name, value] of Object.entries(values)) {
              if (names?.has(name)) former[name] = keys.ofJournal(model, name, value);
            }
            yield model.canonical(former, { id: id ?? undefined });
          }
        }
      },
    },
  };
}

type Lookup = (model: string, record: SideRecord) => FormerObject | undefined;

/** Finds the object of a record by its id, or by its key where it has none. */
function indexOf(objects: readonly FormerObject[]): Lookup {
  const ids = createIndex();
  const keys = createIndex();
  for (const object of objects) {
    if (object.id !== null) ids.add(object.model, object.id, object);
    if (object.key !== null) keys.add(object.model, object.key, object);
  }
  return (model, { id, key }) => {
    const byId = id === undefined ? undefined : ids.find(model, id);
    if (byId !== undefined) return byId;
    const byKey = keys.find(model, key);
    // What was made again under its key is another object, and has another id.
    return byKey === undefined || byKey.id === null || id === undefined || byKey.isWhole
      ? byKey
      : undefined;
  };
}

/** By model and then by id or key: these texts are there already, and a large journal has many. */
function createIndex() {
  const models = new Map<string, Map<string, FormerObject>>();
  return {
    add(model: string, place: string, object: FormerObject): void {
      let objects = models.get(model);
      if (objects === undefined) models.set(model, (objects = new Map<string, FormerObject>()));
      objects.set(place, object);
    },
    find: (model: string, place: string): FormerObject | undefined => models.get(model)?.get(place),
  };
}

async function findStanding(
  schema: Schema,
  models: readonly Model[],
  store: Store,
  { objects, renamedSince }: Journal,
): Promise<{
  readonly lookup: Lookup;
  readonly standing: StandingObject[];
  readonly absent: readonly FormerObject[];
  readonly renamedSince: {
    readonly renamed: Journal["renamedSince"][number];
    readonly record: SideRecord;
  }[];
}> {
  const lookup = indexOf(objects);
  const renames = new Map(renamedSince.map((each) => [`${each.model} ${each.id}`, each]));
  const standing: StandingObject[] = [];
  const renamed: { renamed: Journal["renamedSince"][number]; record: SideRecord }[] = [];
  const met = new Set<FormerObject>();
  for (const { name } of models) {
    for await (const records of store.read("target", name)) {
      for (const record of records) {
        const object = lookup(name, record);
        if (object !== undefined) {
          met.add(object);
          standing.push({ object, record });
        }
        const rename = renames.get(`${name} ${record.id ?? ""}`);
        if (rename !== undefined) renamed.push({ renamed: rename, record });
      }
    }
  }
  const isKnown = (object: FormerObject): boolean => schema.has(object.model);
  return {
    lookup,
    standing,
    absent: objects.filter((object) => !met.has(object) && isKnown(object)),
    renamedSince: renamed,
  };
}

/** Whether what was sent and never confirmed got to the target. */
function hasArrived(schema: Schema, each: StandingObject): boolean {
  const { written } = each.object;
  if (written === null || written.isConfirmed) return true;
  // An update that did not arrive leaves nothing to take back, nor does a delete; a record that was not there, and
  // is there otherwise than it was sent, is somebody's.
  return !each.object.existed || isAsWritten(schema, each);
}

function isAsWritten(schema: Schema, { object, record }: StandingObject): boolean {
  const values = object.written?.values;
  if (values === undefined) return true;
  if (values === null) return false;
  const { names } = schema.model(object.model);
  return Object.entries(values).every(([name, value]) => {
    const now = record.values[names.indexOf(name)];
    return now === undefined || equalCanonical(now, value);
  });
}

function goneSince(schema: Schema, { model, label }: FormerObject): Finding {
  return {
    kind: "gone-since",
    side: "target",
    model,
    key: null,
    label,
    field: null,
    value: null,
    message: `${schema.model(model).label} ${label} is no longer there, so what the sync changed of it cannot be taken back. Make it anew if it is needed.`,
    origin: null,
  };
}

function changedOf(
  schema: Schema,
  standing: readonly StandingObject[],
  absent: readonly FormerObject[],
): ChangedObject[] {
  const changed: ChangedObject[] = [];
  const note = (object: FormerObject, fact: string, key: string | null): void => {
    const { model, id, label } = object;
    const reason = `${schema.model(model).label} ${label} ${fact}, and is left as it is. Release it to take it back all the same.`;
    changed.push({ model, id: key === null ? id : null, key, reason });
  };
  for (const each of standing) {
    const { object, record } = each;
    const key = record.id === undefined || record.id !== object.id ? record.key : null;
    if (object.changedBy !== null) note(object, `was changed since by ${object.changedBy}`, key);
    else if (object.written?.values === null) note(object, "is there again", key);
    else if (!isAsWritten(schema, each)) note(object, "was changed since", key);
  }
  for (const object of absent) {
    if (object.changedBy !== null)
      note(object, `was changed since by ${object.changedBy}`, object.key);
  }
  return changed;
}

function valuesBefore(
  model: Model,
  record: SideRecord,
  object: FormerObject | undefined,
  keys: FormerKeys,
): Record<string, Canonical> {
  const values: Record<string, Canonical> = {};
  for (const [index, name] of model.names.entries()) {
    const now = record.values[index];
    if (now === undefined) continue;
    const former = object?.values[name];
    values[name] =
      former === undefined ? keys.ofPresent(model, name, now) : keys.ofJournal(model, name, former);
  }
  return values;
}
