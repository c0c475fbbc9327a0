// A resource's list and its objects: what each method does.
import type { Context } from "hono";
import type { Queryable } from "../../inventory/inventory.ts";
import type { ReadRecord } from "../../inventory/key-strings.ts";
import { isUuid } from "../../inventory/uuid.ts";
import { answerExport } from "../export.ts";
import { answerCsv } from "./csv.ts";
import { describeResource } from "./describe-fields.ts";
import { customFieldOrders } from "../../inventory/custom-fields/orders.ts";
import { type ListRequest, pageLinks, readListRequest, readShowsSets } from "./list-request.ts";
import { type ObjectContext, withoutRelated } from "./object-context.ts";
import type { Permits } from "../../inventory/permits.ts";
import { seenBy } from "./permitted.ts";
import { pageJson } from "./page-json.ts";
import { readObjects, readPage, readRowsById, streamObjects } from "./read-objects.ts";
import type { Input, Writable } from "./read-input.ts";
import { readBody } from "./request-body.ts";
import { Refused, refuse } from "./refused.ts";
import { included, objectUrl, renderObject, type RenderOptions } from "./render-object.ts";
import { noCounts, readCounts, type RelatedCounts } from "./related-counts.ts";
import type { Resource, Resources, StoredObject } from "./resource.ts";
import { readRelated, toStored } from "./stored-objects.ts";
import { createObjects, deleteObjects, type Update, updateObjects } from "./write-objects.ts";

export async function answerList(context: Context, objects: ObjectContext): Promise<Response> {
  switch (context.req.method) {
    case "GET":
    case "HEAD":
      return listObjects(context, objects);
    case "POST":
      return postObjects(context, objects);
    case "PUT":
    case "PATCH":
      return changeList(context, objects);
    case "DELETE":
      return deleteList(context, objects);
    case "OPTIONS":
      return context.json(describeResource(objects.resource, true));
    default:
      throw refuse(405, `Method "${context.req.method}" not allowed.`);
  }
}

export async function answerDetail(
  context: Context,
  objects: ObjectContext,
  id: string,
): Promise<Response> {
  const { method } = context.req;
  switch (method) {
    case "GET":
    case "HEAD":
      return getObject(context, objects, id);
    case "PUT":
    case "PATCH": {
      const writable = assertWritable(objects, method);
      const input = asInput(await readBody(context));
      const updates = isUuid(id) ? [{ id: id.toLowerCase(), input }] : [];
      const [updated] = await updateObjects(objects, writable, updates, method === "PUT");
      if (!updated) throw missing(objects.resource);
      const [rendered] = await renderUpdated(objects, [updated]);
      return context.json(rendered ?? {});
    }
    case "DELETE": {
      const writable = assertWritable(objects, method);
      const deleted = await deleteObjects(objects, writable, isUuid(id) ? [id] : []);
      if (deleted === 0) throw missing(objects.resource);
      return context.body(null, 204);
    }
    case "OPTIONS":
      return context.json(describeResource(objects.resource, false));
    default:
      throw refuse(405, `Method "${method}" not allowed.`);
  }
}

async function listObjects(context: Context, objects: ObjectContext): Promise<Response> {
  const { database, resources, resource, query, origin } = objects;
  const request = requestOf(objects);
  if (objects.format === "csv") return answerCsv(context, objects, request);
  const page = await readPage(database.pool, resources, resource, request);
  const results = await render(objects, page.rows, request);
  const links = pageLinks(`${origin}/api/${resource.path}/`, query, request, page.count);
  return context.body(pageJson({ count: page.count, ...links }, results), 200, {
    "Content-Type": "application/json",
  });
}

/** @throws Refused */
function requestOf({ query, filters, customFields, resource }: ObjectContext): ListRequest {
  const definitions = customFields.get(resource.contentType) ?? [];
  return readListRequest(query, filters, customFieldOrders(definitions));
}

async function getObject(context: Context, objects: ObjectContext, id: string): Promise<Response> {
  const { database, resources, resource } = objects;
  const request = requestOf(objects);
  const { pool } = database;
  const sets = request.showsSets ? "all" : "tags";
  const rows = isUuid(id) ? await readRowsById(pool, resources, resource, [id], sets) : [];
  const [object] = await render(objects, rows, request);
  if (!object) throw missing(resource);
  return context.json(object);
}

/** The objects that were read, with what is shown of others. */
async function render(
  { database, resources, resource, origin, customFields, permits }: ObjectContext,
  rows: readonly ReadRecord[],
  request: Pick<ListRequest, "depth" | "showsSets" | "includes" | "inTree">,
): Promise<Record<string, unknown>[]> {
  const { pool } = database;
  const { depth, showsSets, includes, inTree } = request;
  const holders = rows.map((values) => ({ resource, values }));
  const ids = rows.map(({ id }) => id);
  const [stored, related, counts] = await Promise.all([
    toStored(pool, resource, rows),
    // Whole is shown what somebody may view; the rest is named.
    readRelated(pool, seenBy(permits, resources), holders, request),
    readCounts(pool, resources, resource, ids, permits),
  ]);
  const context = { client: pool, resources, customFields };
  const objects = (await resource.complete?.(context, stored)) ?? stored;
  const options: RenderOptions = {
    ...{ resources, origin, depth, showsSets, related, customFields, counts, includes, inTree },
    references: new Map(),
  };
  return objects.map((object) => renderObject(object, options));
}

async function readCountsOf(
  client: Queryable,
  resources: Resources,
  objects: readonly StoredObject[],
  permits: Permits | null,
): Promise<RelatedCounts> {
  const [first] = objects;
  const ids = objects.map(({ id }) => id);
  return first ? readCounts(client, resources, first.resource, ids, permits) : noCounts;
}

/** @throws Refused with 404 where there is no object with the id. */
export async function assertThere(objects: ObjectContext, id: string): Promise<void> {
  const { database, resource } = objects;
  const { rowCount } = await database.pool.query(
    `select from ${resource.source} t where t.id = $1::uuid`,
    [isUuid(id) ? id : null],
  );
  if (rowCount === 0) throw missing(resource);
}

/** Those of the ids that objects have. */
export async function idsThere(
  { database, resource }: ObjectContext,
  ids: readonly string[],
): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select t.id from ${resource.source} t where t.id = any($1::uuid[])`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** A list whole, without an envelope. */
export function answerBareList(context: Context, objects: ObjectContext): Response {
  const { database, resources, resource } = objects;
  const request = requestOf(objects);
  async function* rows() {
    for await (const batch of streamObjects(database.pool, resources, resource, request)) {
      const options = withoutRelated(objects, request.showsSets);
      yield batch.map((object) => renderObject(object, options));
    }
  }
  return answerExport(context, "json", resource.name, [], rows());
}

/** The object with the id as a write answers it. @throws Refused */
export async function renderOne(
  objects: ObjectContext,
  resource: Resource,
  id: string,
): Promise<Record<string, unknown>> {
  const found = await readObjects(objects.database.pool, objects.resources, resource, [id]);
  const [object] = found;
  if (!object) throw missing(resource);
  const [rendered = {}] = renderWritten(objects, [object]);
  return rendered;
}

/** Answers to writes refer to other objects and never hold them, and include what there is. */
function renderWritten(
  objects: ObjectContext,
  written: readonly StoredObject[],
  counts: RelatedCounts | null = null,
): Record<string, unknown>[] {
  const alone = withoutRelated(objects, readShowsSets(objects.query));
  const options = { ...alone, counts, includes: new Set(included) };
  return written.map((object) => renderObject(object, options));
}

/** What was there before is counted: to a new object nothing refers, and Nautobot says no number. */
async function renderUpdated(
  objects: ObjectContext,
  updated: readonly StoredObject[],
): Promise<Record<string, unknown>[]> {
  const { database, resources, permits } = objects;
  const counts = await readCountsOf(database.pool, resources, updated, permits);
  return renderWritten(objects, updated, counts);
}

async function postObjects(context: Context, objects: ObjectContext): Promise<Response> {
  const writable = assertWritable(objects, "POST");
  const body = await readBody(context, objects.resource);
  const isList = Array.isArray(body);
  const inputs = isList ? body.map(asInput) : [asInput(body)];
  const created = await createObjects(objects, writable, inputs, isList);
  const rendered = renderWritten(objects, created);
  if (isList) return context.json(rendered, 201);
  const [first] = created;
  if (first) context.header("Location", objectUrl(objects.origin, objects.resource, first.id));
  return context.json(rendered[0] ?? {}, 201);
}

async function changeList(context: Context, objects: ObjectContext): Promise<Response> {
  const writable = assertWritable(objects, context.req.method);
  const updates = readUpdates(await readBody(context, objects.resource));
  const isWhole = context.req.method === "PUT";
  const updated = await updateObjects(objects, writable, updates, isWhole);
  return context.json(await renderUpdated(objects, updated));
}

async function deleteList(context: Context, objects: ObjectContext): Promise<Response> {
  const writable = assertWritable(objects, "DELETE");
  const ids = readUpdates(await readBody(context)).map(({ id }) => id);
  await deleteObjects(objects, writable, ids);
  return context.body(null, 204);
}

/** The objects of a list by their ids; what is said twice of one counts together. */
export function readUpdates(body: unknown): Update[] {
  if (!Array.isArray(body)) {
    const type = body === null ? "NoneType" : typeof body === "object" ? "dict" : typeof body;
    throw new Refused(400, {
      non_field_errors: [`Expected a list of items but got type "${type}".`],
    });
  }
  const inputs = body.map(asInput);
  const faults = inputs.map(({ id }) => {
    if (id === undefined) return { id: ["This field is required."] };
    return typeof id === "string" && isUuid(id) ? {} : { id: ["Must be a valid UUID."] };
  });
  if (faults.some((fault) => "id" in fault)) throw new Refused(400, faults);
  const byId = new Map<string, Input>();
  for (const input of inputs) {
    const id = String(input["id"]).toLowerCase();
    byId.set(id, { ...byId.get(id), ...input });
  }
  return [...byId].map(([id, input]) => ({ id, input }));
}

export function asInput(value: unknown): Input {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Input;
  const type = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
  throw new Refused(400, {
    non_field_errors: [`Invalid data. Expected a dictionary, but got ${type}.`],
  });
}

function assertWritable({ resource }: ObjectContext, method: string): Writable {
  const { table } = resource;
  if (table === null) throw refuse(405, `Method "${method}" not allowed.`);
  return { ...resource, table };
}

function missing({ label }: Resource): Refused {
  // As Nautobot calls its classes: LocationType, VLANGroup.
  const name = label.replaceAll(/ (\w)/g, (_space, letter: string) => letter.toUpperCase());
  return refuse(404, `No ${name} matches the given query.`);
}
