import fc from "fast-check";
import { json, keyedList, set } from "../collection-fields.ts";
import { defineModel } from "../define-model.ts";
import type { Action } from "../change.ts";
import type { Field, ReferenceInput } from "../field.ts";
import type { IgnoreRule } from "../ignore.ts";
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
  /** These three name any of the models, so that models refer to each other in circles. */
  readonly fieldReference: number | null;
  readonly setReference: number | null;
  readonly orderedReference: { readonly target: number; readonly after: number } | null;
}

/** The choices one record is made from; numbers pick among what is there. */
interface RecordSeed {
  readonly name: string;
  readonly serial: string | null;
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

/** Fields and actions of random models to pass over; most often none. */
export function generatedIgnore(schema: Schema): fc.Arbitrary<readonly IgnoreRule[]> {
  const rule = fc.record({
    place: fc.nat(3),
    fields: fc.subarray(["size", "tags", "notes", "extra", "next", "kind", "groups"]),
    actions: fc.subarray<Action>(["create", "update", "delete"]),
  });
  return fc.option(rule, { nil: null }).map((chosen) => {
    const model = chosen && schema.models[chosen.place % schema.models.length];
    if (!model) return [];
    const fields = chosen.fields.filter((name) => model.names.includes(name));
    const { actions } = chosen;
    return fields.length + actions.length === 0 ? [] : [{ model: model.name, fields, actions }];
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
  orderedReference: fc.option(fc.record({ target: fc.nat(3), after: fc.nat(3) })),
});

const recordSeed: fc.Arbitrary<RecordSeed> = fc.record({
  name: fc.constantFrom("a", "b", "c", "ä", "\u{1F40C}", "d e"),
  serial: fc.constantFrom(null, "s1", "s2", "s3", "s4"),
  site: fc.constantFrom(null, "x", "y"),
  picks: fc.array(fc.nat(20), { minLength: 6, maxLength: 6 }),
  size: fc.option(fc.integer({ min: 0, max: 2 })),
  tags: fc.array(fc.constantFrom("red", "green"), { maxLength: 3 }),
});

/**
 * Random schemas (trees by key and by field, nullable key parts, references, circles of models and of records)
 * with random sides.
 * @param serials of each model a second key too: "unique" where no two records of a side have the same
 */
export function generatedEstates(
  sides: number,
  serials: "none" | "unique" | "any" = "none",
): fc.Arbitrary<GeneratedEstates> {
  return fc.array(modelShape, { minLength: 1, maxLength: 4 }).chain((shapes) => {
    const models = shapes.map((shape, position) =>
      declare(shape, position, shapes.length, serials !== "none"),
    );
    // Against the order of dependency on purpose: the schema sorts.
    const schema = createSchema([...models].reverse());
    const seeds = fc.array(fc.array(recordSeed, { maxLength: 7 }), {
      minLength: shapes.length,
      maxLength: shapes.length,
    });
    return fc.array(seeds, { minLength: sides, maxLength: sides }).map((all) =>
      readable({
        schema,
        sides: all.map((side) => build(schema, models, side, serials === "unique")),
      }),
    );
  });
}

/** A counterexample is read by people: without it a schema prints as the source text of its functions. */
function readable(estates: GeneratedEstates): GeneratedEstates {
  const describe = (model: Model): string =>
    `${model.name}(${model.names.map((name) => describeField(name, model.field(name))).join(", ")})`;
  const print = (): string =>
    [
      estates.schema.order.map(describe).join(" "),
      ...estates.sides.map((side) =>
        side.map(({ model, values }) => `${model.name} ${JSON.stringify(values)}`).join("\n  "),
      ),
    ].join("\n  ");
  return Object.assign(estates, { [fc.toStringMethod]: print });
}

function describeField(name: string, { facts }: Field<unknown, unknown>): string {
  const target = facts.target ?? facts.members?.facts.target;
  const after = facts.after ? ` after ${facts.after.join(" ")}` : "";
  return target === undefined ? name : `${name}: ${target}${after}`;
}

const modelName = (position: number): string => `m${position}`;

function declare(shape: ModelShape, position: number, count: number, hasSerial: boolean): Model {
  const any = (pick: number): string => modelName(pick % count);
  const earlier = (pick: number | null): string | null =>
    pick === null || position === 0 ? null : modelName(pick % position);
  const key: Record<string, Field<unknown, unknown>> = { name: text() };
  const fields: Record<string, Field<unknown, unknown>> = {
    size: integer().nullable(),
    tags: set(text()).default([]),
    notes: keyedList("name", { name: text(), on: boolean() }).default([]),
    extra: json().nullable(),
  };
  if (hasSerial) fields["serial"] = text().nullable();
  if (shape.hasSite) key["site"] = text().nullable();
  if (shape.isTreeByKey) key["above"] = ref(modelName(position)).nullable();
  if (shape.isTreeByField) fields["next"] = ref(modelName(position)).nullable();
  const owner = earlier(shape.keyReference);
  if (owner !== null) key["owner"] = ref(owner).nullable();
  const { fieldReference: kind, setReference: group, orderedReference: chief } = shape;
  if (kind !== null) fields["kind"] = ref(any(kind)).nullable();
  if (group !== null) fields["groups"] = set(ref(any(group))).default([]);
  if (chief !== null) {
    fields["chief"] = ref(any(chief.target)).nullable().after(any(chief.after));
  }
  const parent = shape.isTreeByKey
    ? { parent: "above" }
    : shape.isTreeByField
      ? { parent: "next" }
      : {};
  return defineModel<Fields, Fields>(modelName(position), {
    key,
    fields,
    ...parent,
    ...(hasSerial && { secondKeys: ["serial"] }),
  });
}

function build(
  schema: Schema,
  models: readonly Model[],
  seeds: readonly (readonly RecordSeed[])[],
  hasUniqueSerials: boolean,
): RawRecord[] {
  const keys = new Map<string, string[]>();
  const found: { model: Model; seed: RecordSeed; key: string; parts: NamedValues }[] = [];
  models.forEach((model, position) => {
    const own: string[] = [];
    keys.set(model.name, own);
    const serials = new Set<string | null>();
    for (const given of seeds[position] ?? []) {
      const serial = hasUniqueSerials && serials.has(given.serial) ? null : given.serial;
      serials.add(serial);
      const seed = { ...given, serial };
      const parts = fill(model, model.keyNames, seed, keys);
      const key = schema.encodeKey(model, parts);
      if (own.includes(key)) continue;
      own.push(key);
      found.push({ model, seed, key, parts });
    }
  });
  const fieldNames = ({ fields }: Model): readonly string[] => Object.keys(fields);
  return found.map(({ model, seed, key, parts }) =>
    model.record(
      { ...parts, ...fill(model, fieldNames(model), seed, keys) },
      { id: `${model.name}:${key}` },
    ),
  );
}

type NamedValues = Readonly<Record<string, unknown>>;

/**
 * References go to what is there already, so that nothing dangles: those of keys to earlier records, so that
 * keys end; others to any, be it the record itself.
 */
function fill(
  model: Model,
  names: readonly string[],
  seed: RecordSeed,
  keys: ReadonlyMap<string, readonly string[]>,
): NamedValues {
  const pick = (name: string, place: number): unknown => {
    const target = model.names.includes(name) ? model.field(name) : null;
    const there = keys.get(target?.facts.target ?? target?.facts.members?.facts.target ?? "") ?? [];
    const chosen = there[(seed.picks[place] ?? 0) % (there.length + 1)];
    return chosen === undefined ? null : { encodedKey: chosen };
  };
  const group = pick("groups", 4);
  const all: NamedValues = {
    name: seed.name,
    site: seed.site,
    above: pick("above", 0),
    next: pick("next", 1),
    owner: pick("owner", 2),
    kind: pick("kind", 3),
    groups: group === null ? [] : [group],
    chief: pick("chief", 5),
    size: seed.size,
    serial: seed.serial,
    tags: seed.tags,
    notes: [...new Set(seed.tags)].map((name) => ({ name, on: seed.size === 1 })),
    extra: seed.size === null ? null : { size: seed.size, tags: [...seed.tags] },
  };
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
