// Creates, updates and deletes through the hub's writer: all of a request, or nothing of it.
import { customFieldKey } from "@plumbline/models";
import type pg from "pg";
import type { Canonical, Change, OutcomeError, Values } from "@plumbline/sync";
import { inTransaction } from "../../database/transaction.ts";
import type { Author } from "../../inventory/audit.ts";
import type { CustomFieldIndex } from "../../inventory/custom-fields/definitions.ts";
import { writeBatch } from "../../inventory/batch.ts";
import type { Result } from "../../inventory/batch-context.ts";
import type { Inventory, Queryable } from "../../inventory/inventory.ts";
import { keysById } from "../../inventory/key-strings.ts";
import { idsIn } from "../../inventory/lists/list.ts";
import { isWorthRepeating } from "../../inventory/refusal.ts";
import { readObjects } from "./read-objects.ts";
import { addFault, type FaultsByPlace, refuseFaults } from "./faults-by-place.ts";
import {
  changeOf,
  checkWhole,
  createChange,
  keyOf,
  type Locked,
  updateChange,
} from "./make-changes.ts";
import { type Input, readInputs, shownAs, type Writable } from "./read-input.ts";
import { notPermitted } from "./permitted.ts";
import { refuse } from "./refused.ts";
import type { Resources, StoredObject } from "./resource.ts";

export interface WriteContext {
  readonly database: { readonly pool: pg.Pool };
  readonly inventory: Inventory;
  readonly resources: Resources;
  readonly author: Author;
  readonly customFields: CustomFieldIndex;
}

const attempts = 3;

/** Creates objects. @throws Refused with the faults of each, in the order given. */
export async function createObjects(
  context: WriteContext,
  resource: Writable,
  inputs: readonly Input[],
  isList: boolean,
): Promise<StoredObject[]> {
  return write(context, async (client) => {
    const faults: FaultsByPlace = new Map();
    const { given, ids } = await readInputs(client, context, resource, inputs, faults, true);
    const changes = given.map((values, place) =>
      createChange(context.inventory, resource, values, ids[place] ?? null, place, faults),
    );
    refuseFaults(faults, inputs.length, isList ? "list" : "first");
    const created = changes.filter((change) => change !== null);
    const results = await writeAll(client, context, resource, created, (failed) => {
      refuseFaults(failed, inputs.length, isList ? "list" : "first");
    });
    const byChange = new Map(results.map(({ change, targetId }) => [change, targetId ?? ""]));
    const idsInOrder = created.map((change) => byChange.get(change) ?? "");
    const objects = await readObjects(client, context.resources, resource, idsInOrder);
    const byId = new Map(objects.map((object) => [object.id, object]));
    return idsInOrder.flatMap((id) => byId.get(id) ?? []);
  });
}

export interface Update {
  readonly id: string;
  readonly input: Input;
}

/**
 * Updates the objects that are there; ids of no object are passed over.
 * @param isWhole whether each required field must be given
 */
export async function updateObjects(
  context: WriteContext,
  resource: Writable,
  updates: readonly Update[],
  isWhole: boolean,
): Promise<StoredObject[]> {
  return write(context, async (client) => {
    const wanted = updates.map(({ id }) => id);
    const current = await lockObjects(client, context.resources, resource, wanted);
    const there = updates.filter(({ id }) => current.has(id));
    const faults: FaultsByPlace = new Map();
    const inputs = there.map(({ input }) => input);
    const { given } = await readInputs(client, context, resource, inputs, faults, false);
    if (isWhole) given.forEach((values, place) => checkWhole(resource, values, place, faults));
    const touched = new Set(given.flatMap((values) => [...values.keys()]));
    const objects = there.flatMap(({ id }) => current.get(id) ?? []);
    const before = await canonicalValues(client, context.inventory, resource, objects, touched);
    const definitions = context.customFields.get(resource.contentType) ?? [];
    const changes = given.map((values, place) => {
      const object = objects[place];
      const was = before[place];
      return object && was
        ? updateChange(context.inventory, resource, object, was, values, place, faults, definitions)
        : null;
    });
    refuseFaults(faults, there.length, "first");
    const changed = changes.filter((change) => change !== null);
    await writeAll(client, context, resource, changed, (failed) => {
      refuseFaults(failed, there.length, "first");
    });
    return readObjects(client, context.resources, resource, [...current.keys()]);
  });
}

/** Deletes the objects that are there. @throws Refused when others refer to one of them. */
export async function deleteObjects(
  context: WriteContext,
  resource: Writable,
  ids: readonly string[],
): Promise<number> {
  return write(context, async (client) => {
    const objects = [...(await lockObjects(client, context.resources, resource, ids)).values()];
    const names = resource.table.model.names.filter(
      (name) => !resource.table.model.field(name).isDerived,
    );
    const values = await canonicalValues(client, context.inventory, resource, objects, names);
    const changes = objects.map((object, place) => ({
      ...changeOf(context.inventory, resource, "delete", keyOf(object)),
      before: values[place] ?? {},
      targetId: object.id,
      targetVersion: object.version,
    }));
    const results = await writeBatch({ ...context, client }, resource.table, changes);
    const refused = results.filter(({ status }) => status !== "applied");
    if (refused.some(({ error }) => error?.code === "not-allowed")) throw notPermitted();
    if (refused.length > 0) {
      const reasons = refused.map(({ error }) => error?.message ?? "");
      throw refuse(409, `Unable to delete object. ${reasons.join(" ")}`);
    }
    return objects.length;
  });
}

/** One transaction, tried again when another crossed it. */
async function write<T>(
  context: WriteContext,
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(context.database, ({ client }) => work(client));
    } catch (error) {
      if (attempt === attempts || !isWorthRepeating(error)) throw error;
    }
  }
}

async function lockObjects(
  client: Queryable,
  resources: Resources,
  resource: Writable,
  ids: readonly string[],
): Promise<Map<string, Locked>> {
  const { rows } = await client.query<{ id: string; version: string }>(
    `select t.id, t.version::text as version from ${resource.source} t
      where t.id = any($1::uuid[]) order by t.id for update`,
    [ids],
  );
  const versions = new Map(rows.map(({ id, version }) => [id, version]));
  const objects = await readObjects(client, resources, resource, [...versions.keys()]);
  return new Map(
    objects.map((object) => [object.id, { ...object, version: versions.get(object.id) ?? "" }]),
  );
}

/** Fields of objects in canonical form: references as keys, looked up once for each model referred to. */
async function canonicalValues(
  client: Queryable,
  inventory: Inventory,
  { table }: Writable,
  objects: readonly StoredObject[],
  names: Iterable<string>,
): Promise<Values[]> {
  const wanted = new Set(names);
  const references = [...table.columns, ...table.joins].filter(
    ({ name, target }) => target !== null && wanted.has(name),
  );
  const ids = new Map<string, Set<string>>();
  for (const { name, target } of references) {
    if (target === null) continue;
    const known = ids.get(target) ?? new Set();
    ids.set(target, known);
    for (const { values } of objects) for (const id of idsIn(values[name])) known.add(id);
  }
  const keys = new Map<string, ReadonlyMap<string, string>>();
  for (const [target, known] of ids) {
    keys.set(target, await keysById(client, inventory, target, known));
  }
  const encode = inventory.schema.encodeReference;
  return objects.map(({ values }) => {
    const found: Record<string, Canonical> = {};
    for (const { name, target, field } of [...table.columns, ...table.joins]) {
      if (!wanted.has(name)) continue;
      const value = values[name];
      if (target === null) found[name] = field.normalise(value, encode);
      else {
        const named = idsIn(value).map((id) => keys.get(target)?.get(id) ?? "");
        const list = named.map((key) => ({ encodedKey: key }));
        found[name] = field.normalise(
          field.kind === "reference" ? (list[0] ?? null) : list,
          encode,
        );
      }
    }
    return found;
  });
}

/** Writes the changes; what is refused goes to `onRefused`, which throws. */
async function writeAll(
  client: Queryable,
  context: WriteContext,
  resource: Writable,
  changes: readonly Change[],
  onRefused: (faults: FaultsByPlace) => void,
): Promise<Result[]> {
  const results = await writeBatch({ ...context, client }, resource.table, changes);
  const faults: FaultsByPlace = new Map();
  for (const { change, status, error } of results) {
    if (status === "applied") continue;
    if (error?.code === "not-allowed") throw notPermitted();
    const { model } = resource.table;
    const isTaken =
      status === "stale" || (error?.code === "conflict" && error.field === model.keyNames[0]);
    const found = isTaken ? [describeTaken(resource)] : describeError(resource, error);
    for (const [field, text] of found) addFault(faults, changes.indexOf(change), field, text);
  }
  if (faults.size > 0) onRefused(faults);
  return results;
}

/** Of a custom field in Nautobot's words, which name no field, and to forms by the name it has in lists. */
function describeError(
  resource: Writable,
  error: OutcomeError | null,
): (readonly [field: string, text: string])[] {
  const { field = null, message = "", code } = error ?? {};
  if (field === null) return [["__all__", message]];
  const key = customFieldKey(field);
  if (key === null) return [[shownAs(resource, field), message]];
  const whole =
    code === "missing-value" ? message : `Invalid value for custom field '${key}': ${message}`;
  return [
    ["__all__", whole],
    [field, message],
  ];
}

function describeTaken({ table }: Writable): [field: string, text: string] {
  const { keyNames, label } = table.model;
  const [only = "", ...others] = keyNames;
  if (others.length === 0)
    return [only, `${label.toLowerCase()} with this ${only} already exists.`];
  return ["non_field_errors", `The fields ${keyNames.join(", ")} must make a unique set.`];
}
