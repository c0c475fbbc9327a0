import { customFieldKey, type HubModel } from "@plumbline/models";
import {
  InvalidInputError,
  keyLabel,
  type LoadContext,
  type RawRecord,
  type Schema,
} from "@plumbline/sync";
import { customValue } from "./custom-fields.ts";
import type { RemoteObject } from "./nautobot-api.ts";
import {
  type FindKey,
  readValue,
  referredIds,
  targetOf,
  type Unresolved,
} from "./remote-values.ts";

/** Turns the objects of one model into records. */
export interface Lane {
  /** The records that can be made by now; others wait for objects of their own model. */
  take(objects: readonly RemoteObject[]): readonly RawRecord[];
  /** The records that waited for others of their model. */
  finish(): readonly RawRecord[];
  /** The records with late references, once every model is read. */
  settle(): readonly RawRecord[];
}

/** Follows references by id, model after model: those referred to come first, save by late references. */
export interface Join {
  /** @param custom those of the custom fields, by their names in records */
  open(hub: HubModel, fields: readonly string[], custom: readonly string[]): Lane;
}

export function createJoin(schema: Schema, url: string, context: LoadContext): Join {
  const keys = new Map<string, Map<string, string>>();
  const findKey: FindKey = (target, id) => keys.get(target)?.get(id);

  function open(hub: HubModel, fields: readonly string[], custom: readonly string[]): Lane {
    const { model } = hub;
    const own = new Map<string, string>();
    keys.set(model.name, own);
    const selfFields = fields.filter((name) => targetOf(model.field(name)) === model.name);
    const lateFields = schema
      .referenceFields(model)
      .filter(({ name, isLate }) => isLate && fields.includes(name));
    let waiting: RemoteObject[] = [];
    let late: RemoteObject[] = [];

    /** The parts of the object's key; null when one of them refers to what was not read. */
    function readKey(
      object: RemoteObject,
      unresolved: Unresolved[],
    ): Record<string, unknown> | null {
      const parts: Record<string, unknown> = {};
      for (const name of model.keyNames) {
        const field = model.field(name);
        const { through } = field.facts;
        if (through === undefined) {
          parts[name] = readValue(name, field, object, findKey, unresolved);
          continue;
        }
        const over = model.field(through);
        const target = targetOf(over);
        const found: Unresolved[] = [];
        const key = readValue(through, over, object, findKey, found) as {
          encodedKey: string;
        } | null;
        unresolved.push(...found);
        if (key !== null && target !== null) {
          parts[name] = { encodedKey: schema.keyPart(target, key.encodedKey, name) };
        }
      }
      return unresolved.length > 0 ? null : parts;
    }

    function rememberKey(object: RemoteObject, parts: Record<string, unknown>): void {
      try {
        own.set(object.id, schema.encodeKey(model, parts));
      } catch (error) {
        // The engine finds the bad value itself when it is given the record.
        if (!(error instanceof InvalidInputError)) throw error;
      }
    }

    function makeRecord(object: RemoteObject): RawRecord | null {
      const origin = `${url}/${hub.restPath}/${object.id}/`;
      const unresolved: Unresolved[] = [];
      const values = readKey(object, unresolved);
      if (values === null) {
        report(object, origin, unresolved, null);
        return null;
      }
      for (const name of fields) {
        const field = model.field(name);
        if (field.isDerived || model.keyNames.includes(name)) continue;
        values[name] = readValue(name, field, object, findKey, unresolved);
      }
      for (const name of custom) values[name] = customValue(object, customFieldKey(name) ?? "");
      if (unresolved.length > 0) {
        report(object, origin, unresolved, own.get(object.id) ?? null);
        return null;
      }
      return model.record(values, { id: object.id, origin });
    }

    function report(
      object: RemoteObject,
      origin: string,
      unresolved: readonly Unresolved[],
      key: string | null,
    ): void {
      const [first] = unresolved;
      if (first === undefined) return;
      const label = key === null ? null : keyLabel(schema, model, key);
      const what = label ?? object.id;
      context.report({
        kind: "unresolved-reference",
        model: model.name,
        key,
        label,
        field: first.field,
        value: first.id,
        message:
          `${model.label} ${what}: its ${first.field} is the ${first.target} ${first.id}, which Nautobot does not show. ` +
          "It is left as it is; let the token's user view that object, or run again if it was deleted meanwhile.",
        origin,
      });
    }

    const waits = (object: RemoteObject): boolean =>
      selfFields.some((name) => referredIds(object[name]).some((id) => !own.has(id)));

    const isLate = (object: RemoteObject): boolean =>
      lateFields.some(({ name }) => referredIds(object[name]).length > 0);

    /** What refers to models read later waits for them. */
    function makeNow(objects: readonly RemoteObject[]): readonly RawRecord[] {
      if (lateFields.length === 0) return makeAll(objects);
      late.push(...objects.filter(isLate));
      return makeAll(objects.filter((object) => !isLate(object)));
    }

    function makeAll(objects: readonly RemoteObject[]): readonly RawRecord[] {
      return objects.map(makeRecord).filter((record) => record !== null);
    }

    return {
      take(objects) {
        const ready: RemoteObject[] = [];
        for (const object of objects) {
          const parts = readKey(object, []);
          if (parts !== null) rememberKey(object, parts);
          if (waits(object)) waiting.push(object);
          else ready.push(object);
        }
        return makeNow(ready);
      },
      finish() {
        // A key made of the parent's key can be told once the parent's is: level by level.
        for (let before = -1; before !== own.size;) {
          before = own.size;
          for (const object of waiting) {
            if (own.has(object.id)) continue;
            const parts = readKey(object, []);
            if (parts !== null) rememberKey(object, parts);
          }
        }
        const rest = waiting;
        waiting = [];
        return makeNow(rest);
      },
      settle() {
        const rest = late;
        late = [];
        return makeAll(rest);
      },
    };
  }

  return { open };
}
