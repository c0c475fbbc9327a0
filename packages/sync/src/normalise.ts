import { describeInput, shorten } from "./create-field.ts";
import { InvalidInputError } from "./errors.ts";
import type { Field } from "./field.ts";
import { encodePart, joinParts } from "./key.ts";
import type { Model } from "./model.ts";
import type { Canonical, RawRecord, SideRecord } from "./record.ts";
import { findOversized, mostKeyCharacters } from "./record-size.ts";
import type { Schema } from "./schema.ts";
import { createSharedTexts, type SharedTexts } from "./shared-texts.ts";

/** A value that could not be read. */
export interface ValueProblem {
  readonly field: string;
  readonly value: string;
  readonly message: string;
}

/** Turns one model's raw records into records of a side. */
export interface Normaliser {
  /** Null where the key cannot be read. Problems are appended to `problems`; a bad field is left undefined. */
  normalise(raw: RawRecord, problems: ValueProblem[]): SideRecord | null;
  /** The key a raw record would have, if it can be read: for messages. */
  readonly provides: readonly string[];
}

interface Slot {
  readonly name: string;
  readonly field: Field<unknown, unknown>;
  readonly isKey: boolean;
  readonly isReference: boolean;
  readonly isEmptyRefused: boolean;
  readonly texts: SharedTexts;
  readonly through: { readonly name: string; readonly target: string } | null;
}

/**
 * Compiles the normaliser of a model.
 * @param provides names of the fields the side gives
 */
export function createNormaliser(
  schema: Schema,
  model: Model,
  provides: readonly string[],
): Normaliser {
  const provided = new Set(provides);
  const slots = model.names.map((name, index): Slot | null => {
    const field = model.field(name);
    const isKey = index < model.keyNames.length;
    if (field.isDerived || (!isKey && !provided.has(name))) return null;
    return {
      name,
      field,
      isKey,
      isReference: field.kind === "reference",
      texts: createSharedTexts(),
      isEmptyRefused: isKey && field.kind === "text",
      through: isKey ? throughOf(model, field) : null,
    };
  });
  const encode = schema.encodeReference;
  // Filled for one record after the other, and copied.
  const values = new Array<Canonical | undefined>(slots.length);
  const parts = new Array<string>(model.keyNames.length);

  function readKeyPart(slot: Slot, raw: RawRecord): Canonical {
    const input = raw.values[slot.name];
    if (input === undefined && slot.through) {
      const parent = raw.values[slot.through.name];
      if (parent !== undefined && parent !== null) {
        const reference = model.field(slot.through.name);
        const key = raw.isCanonical ? parent : reference.normalise(parent, encode);
        if (typeof key === "string") return schema.keyPart(slot.through.target, key, slot.name);
      }
    }
    if (raw.isCanonical && input !== undefined) return input as Canonical;
    const value = slot.field.normalise(input, encode);
    if (value === "" && slot.isEmptyRefused) {
      throw new InvalidInputError("expected text, got nothing: part of a key cannot be empty");
    }
    return value;
  }

  function problemAt(index: number, raw: RawRecord, message: string): ValueProblem {
    const field = model.names[index] ?? "";
    return { field, value: describeValue(raw.values[field]), message };
  }

  return {
    provides: slots.filter((slot) => slot !== null).map((slot) => slot.name),
    normalise(raw, problems) {
      for (let index = 0; index < slots.length; index++) {
        const slot = slots[index];
        if (!slot) {
          values[index] = undefined;
          continue;
        }
        try {
          if (slot.isKey) {
            const value = readKeyPart(slot, raw);
            values[index] = typeof value === "string" ? slot.texts.share(value) : value;
            parts[index] = encodePart(value, slot.isReference);
          } else {
            const input = raw.values[slot.name];
            const value =
              raw.isCanonical && input !== undefined
                ? (input as Canonical)
                : slot.field.normalise(input, encode);
            values[index] = typeof value === "string" ? slot.texts.share(value) : value;
          }
        } catch (error) {
          if (!(error instanceof InvalidInputError)) throw error;
          problems.push({
            field: slot.name,
            value: describeValue(raw.values[slot.name]),
            message: error.message,
          });
          if (slot.isKey) return null;
          values[index] = undefined;
        }
      }
      const key = joinParts(parts);
      if (key.length > mostKeyCharacters) {
        const longest = Math.max(...parts.map(({ length }) => length));
        const index = parts.findIndex(({ length }) => length === longest);
        const message = `has ${longest} characters, and a key may have ${mostKeyCharacters}`;
        problems.push(problemAt(index, raw, message));
        return null;
      }
      let oversized = findOversized(values);
      while (oversized !== null) {
        problems.push(problemAt(oversized.index, raw, oversized.message));
        values[oversized.index] = undefined;
        oversized = findOversized(values);
      }
      return createRecord(key, values.slice(), raw);
    },
  };
}

/**
 * A record of which most may be dropped as soon as they are compared. A literal here (or an array made
 * anew for the values) would teach V8 from the first side, all of which stays, to put the second side's
 * records among the old, where they stay as garbage: a third more memory.
 */
class LoadedRecord implements SideRecord {
  readonly key: string;
  readonly values: SideRecord["values"];

  constructor(key: string, values: SideRecord["values"]) {
    this.key = key;
    this.values = values;
  }
}

/** The places of an origin too. */
class TracedRecord extends LoadedRecord {
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly origin: string | undefined;

  constructor(key: string, values: SideRecord["values"], { id, version, origin }: RawRecord) {
    super(key, values);
    this.id = id;
    this.version = version;
    this.origin = origin;
  }
}

/** Without the places of an origin where there is none: a run holds millions of records. */
function createRecord(key: string, values: SideRecord["values"], raw: RawRecord): SideRecord {
  const { id, version, origin } = raw;
  const isTraced = id !== undefined || version !== undefined || origin !== undefined;
  return isTraced ? new TracedRecord(key, values, raw) : new LoadedRecord(key, values);
}

function throughOf(model: Model, field: Field<unknown, unknown>): Slot["through"] {
  const name = field.facts.through;
  if (name === undefined) return null;
  const target = model.field(name).facts.target;
  return target === undefined ? null : { name, target };
}

function describeValue(input: unknown): string {
  return typeof input === "string" ? shorten(input) : describeInput(input);
}
