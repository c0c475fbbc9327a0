import fc from "fast-check";
import { json, keyedList, set } from "../collection-fields.ts";
import { defineModel } from "../define-model.ts";
import type { Field, ReferenceInput } from "../field.ts";
import type { Fields, Model } from "../model.ts";
import type { RawRecord } from "../record.ts";
import { ref } from "../reference-field.ts";
import { boolean, integer, text } from "../scalar-fields.ts";
import { createSchema, type Schema } from "../schema.ts";
import type { Scope, ScopeCondition } from "../scope.ts";

/** What one model of a generated schema is made of. */
interface ModelShape {
  readonly hasSite: boolean;
  readonly isTreeByKey: boolean;
  readonly isTreeByField: boolean;
  readonly keyReference: number | null;
  readonly fieldReference: number | null;
  readonly setReference: number | null;
}

/** The choices one record is made from; numbers pick among what is there. */
interface RecordSeed {
  readonly name: string;
  readonly site: string | null;
  readonly picks: readonly number[];
  readonly size: number | null;
  readonly tags: readonly string[];
}

/** A schema and the records of one or more sides, each without dangling references or duplicates. */
export interface GeneratedEstates {
  readonly schema: Schema;
  readonly sides: readonly (readonly RawRecord[])[];
}

/** Random conditions on the models of an estate, with roots that one of the `sides` has. */
export function generatedScope(
  schema: Schema,
  sides: readonly (readonly RawRecord[])[],
): fc.Arbitrary<Scope> {
  const roots = (model: string): readonly unknown[] =>
    sides.flat().flatMap((record) => {
      if (record.model.name !== model) return [];
      const parts = record.model.keyNames.map((part) => [part, record.values[part]]);
      return [{ encodedKey: schema.encodeKey(model, Object.fromEntries(parts)) }];
    });
  return fc
    .array(fc.record({ kind: fc.nat(9), pick: fc.nat(30) }), {
      minLength: schema.models.length,
      maxLength: schema.models.length,
    })
    .map((seeds) => {
      const scope: Record<string, readonly ScopeCondition[]> = {};
      for (const [place, model] of schema.models.entries()) {
        const { kind, pick } = seeds[place] ?? { kind: 0, pick: 0 };
        const condition = conditionFor(model, schema, kind, (name) => {
          const there = roots(name);
          return there[pick % Math.max(there.length, 1)];
        });
        if (condition !== null) scope[model.name] = [condition];
      }
      return scope;
    });
}

function conditionFor(
  model: Model,
  schema: Schema,
  kind: number,
  root: (model: string) => unknown,
): ScopeCondition | null {
  if (kind === 0) return { field: "name", isOneOf: ["a", "b", "c"] };
  if (kind === 1) return { field: "size", isOneOf: [1, null] };
  if (kind === 2) return { field: "tags", is: "red" };
  if (kind === 3) return { matches: ({ name }) => name !== "a", description: "is not called a" };
  if (kind === 4 && model.names.includes("site")) return { field: "site", isOneOf: ["x", null] };
  const below = (name: string): ReferenceInput | null => {
    const { parent } = schema.model(name);
    const isTree = parent !== null && schema.model(name).field(parent).facts.target === name;
    return isTree ? ((root(name) ?? null) as ReferenceInput | null) : null;
  };
  if (kind === 5) {
    const isUnder = below(model.name);
    return isUnder === null ? null : { isUnder };
  }
  const field = ["owner", "kind", "groups"][kind - 6] ?? "";
  if (!model.names.includes(field)) return null;
  const { facts } = model.field(field);
  const target = facts.target ?? facts.members?.facts.target ?? "";
  const isUnder = below(target);
  if (isUnder !== null) return { field, isUnder };
  const is = root(target);
  return is === undefined ? null : { field, is };
}

const modelShape: fc.Arbitrary<ModelShape> = fc.record({
  hasSite: fc.boolean(),
  isTreeByKey: fc.boolean(),
  isTreeByField: fc.boolean(),
  keyReference: fc.option(fc.nat(3)),
  fieldReference: fc.option(fc.nat(3)),
  setReference: fc.option(fc.nat(3)),
});

const recordSeed: fc.Arbitrary<RecordSeed> = fc.record({
  name: fc.constantFrom("a", "b", "c", "ä", "\u{1F40C}", "d e"),
  site: fc.constantFrom(null, "x", "y"),
  picks: fc.array(fc.nat(20), { minLength: 5, maxLength: 5 }),
  size: fc.option(fc.integer({ min: 0, max: 2 })),
  tags: fc.array(fc.constantFrom("red", "green"), { maxLength: 3 }),
});

/** Random schemas (trees by key and by field, nullable key parts, references) with random sides. */
export function generatedEstates(sides: number): fc.Arbitrary<GeneratedEstates> {
  return fc.array(modelShape, { minLength: 1, maxLength: 4 }).chain((shapes) => {
    const models = shapes.map(declare);
    // Against the order of dependency on purpose: the schema sorts.
    const schema = createSchema([...models].reverse());
    const seeds = fc.array(fc.array(recordSeed, { maxLength: 7 }), {
      minLength: shapes.length,
      maxLength: shapes.length,
    });
    return fc
      .array(seeds, { minLength: sides, maxLength: sides })
      .map((all) => ({ schema, sides: all.map((side) => build(schema, models, shapes, side)) }));
  });
}

const modelName = (position: number): string => `m${position}`;

function declare(shape: ModelShape, position: number): Model {
  const earlier = (pick: number | null): string | null =>
    pick === null || position === 0 ? null : modelName(pick % position);
  const key: Record<string, Field<unknown, unknown>> = { name: text() };
  const fields: Record<string, Field<unknown, unknown>> = {
    size: integer().nullable(),
    tags: set(text()).default([]),
    notes: keyedList("name", { name: text(), on: boolean() }).default([]),
    extra: json().nullable(),
  };
  if (shape.hasSite) key["site"] = text().nullable();
  if (shape.isTreeByKey) key["above"] = ref(modelName(position)).nullable();
  if (shape.isTreeByField) fields["next"] = ref(modelName(position)).nullable();
  const [owner, kind, group] = [
    earlier(shape.keyReference),
    earlier(shape.fieldReference),
    earlier(shape.setReference),
  ];
  if (owner !== null) key["owner"] = ref(owner).nullable();
  if (kind !== null) fields["kind"] = ref(kind).nullable();
  if (group !== null) fields["groups"] = set(ref(group)).default([]);
  const parent = shape.isTreeByKey
    ? { parent: "above" }
    : shape.isTreeByField
      ? { parent: "next" }
      : {};
  return defineModel<Fields, Fields>(modelName(position), { key, fields, ...parent });
}

function build(
  schema: Schema,
  models: readonly Model[],
  shapes: readonly ModelShape[],
  seeds: readonly (readonly RecordSeed[])[],
): RawRecord[] {
  const keys = new Map<string, string[]>();
  const records: RawRecord[] = [];
  models.forEach((model, position) => {
    const own: string[] = [];
    keys.set(model.name, own);
    for (const seed of seeds[position] ?? []) {
      const values = fill(model, seed, keys);
      const key = schema.encodeKey(
        model,
        Object.fromEntries(model.keyNames.map((part) => [part, values[part]])),
      );
      if (own.includes(key)) continue;
      own.push(key);
      records.push(model.record(values, { id: `${model.name}:${key}` }));
    }
  });
  return records;
}

/** References go to what is there already, so that nothing dangles and no tree is a circle. */
function fill(
  model: Model,
  seed: RecordSeed,
  keys: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, unknown>> {
  const pick = (name: string, place: number): unknown => {
    const target = model.names.includes(name) ? model.field(name) : null;
    const there = keys.get(target?.facts.target ?? target?.facts.members?.facts.target ?? "") ?? [];
    const chosen = there[(seed.picks[place] ?? 0) % (there.length + 1)];
    return chosen === undefined ? null : { encodedKey: chosen };
  };
  const group = pick("groups", 4);
  const all: Readonly<Record<string, unknown>> = {
    name: seed.name,
    site: seed.site,
    above: pick("above", 0),
    next: pick("next", 1),
    owner: pick("owner", 2),
    kind: pick("kind", 3),
    groups: group === null ? [] : [group],
    size: seed.size,
    tags: seed.tags,
    notes: [...new Set(seed.tags)].map((name) => ({ name, on: seed.size === 1 })),
    extra: seed.size === null ? null : { size: seed.size, tags: [...seed.tags] },
  };
  return Object.fromEntries(model.names.map((name) => [name, all[name]]));
}
