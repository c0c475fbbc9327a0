import {
  type Adapter,
  type Canonical,
  equalCanonical,
  type Finding,
  type Model,
  type Pair,
  providedFields,
  type Schema,
  type SideRecord,
  type Store,
  type Values,
} from "@plumbline/sync";
import { keyOfValues } from "../../inventory/key-parts.ts";
import {
  createFormerKeys,
  type FormerKeys,
  type NamedObject,
  type NamedObjects,
} from "./former-keys.ts";
import type { FormerObject, RenamedObject } from "./former-object.ts";
import type { Hold, Journal, Met } from "./journal.ts";

/** What a sync that takes another one back goes by. */
export interface WayBack {
  /** The target as it was before the sync: as it is now, save what the sync did to it. */
  readonly source: Adapter;
  /** What is no longer there to be taken back. */
  readonly findings: readonly Finding[];
  /** The table of what the sync did, which says what others changed since. */
  readonly journal: string;
  /** Values that no model declares, custom fields, of objects that come back, by their ids. */
  beside(ids: readonly string[]): Promise<ReadonlyMap<string, Values>>;
  /** Objects are themselves, whatever they are called. */
  pairs(model: Model): AsyncIterable<Pair>;
}

/**
 * Finds the way back in the loaded target.
 * @param renamedSince what others have renamed or moved since
 */
export async function findWayBack(
  target: Adapter,
  { schema, models }: { readonly schema: Schema; readonly models: readonly Model[] },
  store: Store,
  journal: Journal,
  renamedSince: readonly RenamedObject[],
): Promise<WayBack> {
  const named = await meetTarget(schema, models, store, journal, renamedSince);
  const findings = await holdAbsent(schema, journal);
  const keys = await createFormerKeys(schema, {
    ...named,
    async *absentKeys() {
      for await (const objects of journal.absent()) {
        for (const { model, values } of objects.filter(comesBack(schema))) {
          yield { model, key: keyOfValues(schema.model(model), values) };
        }
      }
    },
  });
  const provided = new Map(
    models.map((model) => [model.name, new Set(providedFields(target, model))]),
  );

  return {
    findings,
    journal: journal.table,
    async beside(ids) {
      const undeclared = new Map<string, Values>();
      const objects = await journal.absentOf(ids);
      for (const { id, model, values } of objects.filter(comesBack(schema))) {
        const { names } = schema.model(model);
        const more = Object.entries(values).filter(([name]) => !names.includes(name));
        if (id !== null && more.length > 0) undeclared.set(id, Object.fromEntries(more));
      }
      return undeclared;
    },
    pairs: (model) => journal.pairs(model),
    source: {
      name: `${target.name} as it was`,
      models: target.models,
      ...(target.provides && { provides: target.provides.bind(target) }),
      async *load() {
        for (const model of models) {
          for await (const records of store.read("target", model.name)) {
            const lookup = await journal.find(model.name, records);
            yield records.flatMap((record) => {
              const met = lookup(record);
              const object = met?.isUnchanged === true ? undefined : met;
              if (object?.existed === false) return [];
              return model.canonical(valuesBefore(model, record, object, keys), { id: record.id });
            });
          }
          const names = provided.get(model.name);
          for await (const objects of journal.absent(model.name)) {
            yield objects.filter(comesBack(schema)).map(({ id, values }) => {
              const former: Record<string, Canonical> = {};
              for (const [name, value] of Object.entries(values)) {
                if (names?.has(name)) former[name] = keys.ofJournal(model, name, value);
              }
              return model.canonical(former, { id: id ?? undefined });
            });
          }
        }
      },
    },
  };
}

/** Notes in the journal what the target has of it, and gives those whose names were others. */
async function meetTarget(
  schema: Schema,
  models: readonly Model[],
  store: Store,
  journal: Journal,
  since: readonly RenamedObject[],
): Promise<Pick<NamedObjects, "renamed" | "renamedSince">> {
  const sinceById = new Map(since.map((each) => [`${each.model} ${each.id}`, each]));
  const renamed: NamedObject[] = [];
  const renamedSince: NamedObject[] = [];
  for (const { name: model, keyNames } of models) {
    for await (const records of store.read("target", model)) {
      const lookup = await journal.find(model, records);
      const met: Met[] = [];
      for (const record of records) {
        const { id, key } = record;
        const parts = record.values.slice(0, keyNames.length);
        const other = sinceById.get(`${model} ${id ?? ""}`);
        if (other !== undefined) renamedSince.push({ model, key, parts, values: other.values });
        const object = lookup(record);
        if (object === undefined) continue;
        const isUnchanged = !hasArrived(schema, { object, record });
        const hold = isUnchanged ? null : holdOf(schema, { object, record });
        met.push({ place: object.place, id: id ?? null, isUnchanged, hold });
        if (isUnchanged || !object.existed) continue;
        const values = valuesOf(object, keyNames);
        if (values !== null) renamed.push({ model, key, parts, values });
      }
      await journal.note(met);
    }
  }
  return { renamed, renamedSince };
}

/** Notes what others changed of that which is not there. @returns what of it cannot come back */
async function holdAbsent(schema: Schema, journal: Journal): Promise<Finding[]> {
  const findings: Finding[] = [];
  const isComing = comesBack(schema);
  for await (const objects of journal.absent()) {
    const known = objects.filter(({ model }) => schema.has(model));
    for (const object of known) {
      if (object.existed && !object.isWhole) findings.push(goneSince(schema, object));
    }
    await journal.hold(
      known.filter(isComing).flatMap((object) => {
        const { place, key, changedBy } = object;
        if (changedBy === null) return [];
        return [{ place, ...holdFor(schema, object, `was changed since by ${changedBy}`, key) }];
      }),
    );
  }
  return findings;
}

/** Whether an object that is not there is made anew. */
function comesBack(schema: Schema) {
  return ({ model, existed, isWhole }: FormerObject): boolean =>
    existed && isWhole && schema.has(model);
}

/** The values of some names; null where there is none of them. */
function valuesOf({ values }: FormerObject, names: readonly string[]): Values | null {
  const entries = names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

interface StandingObject {
  readonly object: FormerObject;
  readonly record: SideRecord;
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

/** Why what is there is left as it is; null where it is taken back. */
function holdOf(schema: Schema, each: StandingObject): Hold | null {
  const { object, record } = each;
  const key = record.id === undefined || record.id !== object.id ? record.key : null;
  if (object.changedBy !== null) {
    return holdFor(schema, object, `was changed since by ${object.changedBy}`, key);
  }
  if (object.written?.values === null) return holdFor(schema, object, "is there again", key);
  return isAsWritten(schema, each) ? null : holdFor(schema, object, "was changed since", key);
}

function holdFor(
  schema: Schema,
  { model, label }: FormerObject,
  fact: string,
  key: string | null,
): Hold {
  return {
    key,
    reason: `${schema.model(model).label} ${label} ${fact}, and is left as it is. Release it to take it back all the same.`,
  };
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
