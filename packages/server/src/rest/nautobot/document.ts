// The OpenAPI document of this part of the API, from the same declarations that answer its requests.
import type { Filter } from "../../inventory/lists/filter.ts";
import type { filtersOf } from "../../inventory/lists/filters.ts";
import { findField } from "../../inventory/lists/list.ts";
import { describeActions } from "./document-actions.ts";
import {
  answers,
  body,
  bodyFailures,
  failures,
  idInPath,
  type Json,
  operation,
  operationId,
  pageOf,
  query,
  ref,
  said,
  schemaName,
  uuid,
} from "./document-parts.ts";
import { listParameters } from "./list-request.ts";
import type { Resource, Resources, RestField } from "./resource.ts";

export function describeNautobotApi(
  resources: Resources,
  filters: (resource: Resource) => ReturnType<typeof filtersOf>,
  version: string,
): Json {
  const paths: Record<string, Json> = {};
  const schemas: Record<string, Json> = {};
  for (const resource of resources.all) {
    const name = schemaName(resource);
    schemas[name] = objectSchema(resources, resource);
    const list = [...listParameters, "q"].map((parameter) => query(parameter, "string"));
    const filterParameters = [...filters(resource).values()].map(filterParameter);
    const one = answers(200, ref(name));
    const many = linked(
      answers(200, pageOf(ref(name)), { "text/csv": { schema: { type: "string" } } }),
      200,
      linksTo(resource, ["retrieve"], "$response.body#/results/0/id"),
    );
    const listPath: Record<string, Json> = {
      get: operation(resource, "list", {
        parameters: [...list, ...filterParameters],
        responses: many,
      }),
    };
    const detailPath: Record<string, Json> = {
      get: operation(resource, "retrieve", {
        parameters: [idInPath, query("depth", "integer")],
        responses: one,
      }),
    };
    if (resource.isWritten) {
      const { required, ...change } = requestSchema(resource);
      schemas[`${name}Request`] = { ...change, required };
      schemas[`${name}Change`] = { ...change, description: "Any of the fields." };
      const whole = ref(`${name}Request`);
      const part = ref(`${name}Change`);
      const named = { type: "object", required: ["id"], properties: { id: uuid } };
      const each = (schema: Json) => ({ type: "array", items: { allOf: [schema, named] } });
      const several = answers(200, { type: "array", items: ref(name) });
      const gone = { 204: { description: "Deleted." }, ...failures, ...bodyFailures, ...inUse };
      listPath["post"] = operation(resource, "create", {
        ...body({ oneOf: [whole, { type: "array", items: whole }] }),
        responses: linked(
          answers(201, { oneOf: [ref(name), { type: "array", items: ref(name) }] }),
          201,
          linksTo(
            resource,
            ["retrieve", "update", "partial_update", "destroy"],
            "$response.body#/id",
          ),
        ),
      });
      listPath["put"] = operation(resource, "bulk_update", {
        ...body(each(whole)),
        responses: several,
      });
      listPath["patch"] = operation(resource, "bulk_partial_update", {
        ...body(each(part)),
        responses: several,
      });
      listPath["delete"] = operation(resource, "bulk_destroy", {
        ...body({ type: "array", items: named }),
        responses: gone,
      });
      const parameters = [idInPath];
      detailPath["put"] = operation(resource, "update", {
        parameters,
        ...body(whole),
        responses: one,
      });
      detailPath["patch"] = operation(resource, "partial_update", {
        ...{ parameters, ...body(part), responses: one },
      });
      detailPath["delete"] = operation(resource, "destroy", {
        ...{ parameters, responses: gone },
      });
    }
    paths[`/${resource.path}/`] = listPath;
    paths[`/${resource.path}/{id}/`] = detailPath;
  }
  const beside = describeActions(resources);
  for (const [path, operations] of Object.entries(beside.paths)) {
    paths[path] = { ...paths[path], ...operations };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Plumbline, for clients of Nautobot", version },
    servers: [{ url: "/api" }],
    security: [{ tokenAuth: [] }],
    paths,
    components: {
      schemas: { ...schemas, ...beside.schemas, Reference: referenceSchema },
      securitySchemes: {
        tokenAuth: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: "Token <key>",
        },
        basicAuth: { type: "http", scheme: "basic" },
      },
    },
  };
}

const referenceSchema = {
  type: "object",
  required: ["id", "object_type", "url"],
  properties: { id: uuid, object_type: { type: "string" }, url: { type: "string", format: "uri" } },
};
const inUse = { 409: said("Others refer to it.") };

/** What can be done with the object whose id an answer holds at that place. */
function linksTo(resource: Resource, actions: readonly string[], id: string): Json {
  return Object.fromEntries(
    actions.map((action) => [
      action,
      { operationId: operationId(resource, action), parameters: { id } },
    ]),
  );
}

function linked(responses: Json, status: number, links: Json): Json {
  return { ...responses, [status]: { ...(responses[status] as Json), links } };
}

function filterParameter({ name, type, choices }: Filter): Json {
  const formats: Readonly<Record<string, Json>> = {
    uuid,
    "date-time": { type: "string", format: "date-time" },
  };
  const items = {
    ...(formats[type] ?? { type }),
    ...(choices.length > 0 ? { enum: choices } : {}),
  };
  const schema = type === "boolean" ? items : { type: "array", items };
  return { name, in: "query", required: false, schema, explode: true };
}

function objectSchema(resources: Resources, resource: Resource): Json {
  const text = { type: "string" };
  const properties: Record<string, Json> = {
    ...{ id: uuid, object_type: text, display: text, url: { type: "string", format: "uri" } },
    natural_slug: text,
  };
  for (const field of resource.fields) {
    if (!resource.writeOnly.includes(field.name))
      properties[field.name] = fieldSchema(field, false);
  }
  for (const name of Object.keys(resource.unkept)) properties[name] = { type: "null" };
  for (const [name] of resource.fixed) properties[name] = { readOnly: true };
  for (const name of resource.emptySets) properties[name] = { type: "array", readOnly: true };
  for (const name of Object.keys(resource.counts)) {
    properties[name] = { type: "integer", readOnly: true };
  }
  if (resource.hasNotes) properties["notes_url"] = { type: "string", format: "uri" };
  if (resource.hasCustomFields) properties["custom_fields"] = { type: "object" };
  const required = ["id", "object_type", "display", "url", "natural_slug"];
  return { type: "object", description: resource.description, required, properties };
}

function requestSchema(resource: Resource): Json {
  const fields = resource.fields.filter(({ isReadOnly }) => !isReadOnly);
  return {
    type: "object",
    required: fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    properties: {
      id: uuid,
      ...Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, true)])),
      ...Object.fromEntries(
        resource.secrets.map((name) => [name, { type: "string", writeOnly: true }]),
      ),
      ...Object.fromEntries(
        Object.entries(resource.single).map(([name, set]) => [name, oneOf(resource, set)]),
      ),
    },
  };
}

/** A set that takes a single member under a name of its own. */
function oneOf(resource: Resource, set: string): Json {
  const field = findField(resource, set);
  if (!field) throw new Error(`${resource.name} has no ${set}.`);
  return { ...fieldSchema({ ...field, join: null, isNullable: true }, true), writeOnly: true };
}

function fieldSchema(field: RestField, isInput: boolean): Json {
  const about = {
    title: field.label,
    ...(field.description === "" ? {} : { description: field.description }),
    ...(field.isReadOnly ? { readOnly: true } : {}),
  };
  if (field.target !== null) {
    const named = isInput
      ? { description: "An id, a URL, an object of attributes, or a natural key." }
      : ref("Reference");
    if (field.join) return { ...about, type: "array", items: named };
    return field.isNullable
      ? { ...about, anyOf: [named, { type: "null" }] }
      : { ...about, ...named };
  }
  const value = valueSchema(field);
  if (["value-and-label", "number-and-label", "value-twice"].includes(field.form)) {
    const pair = { type: "object", properties: { value, label: { type: "string" } } };
    return {
      ...about,
      ...(field.isNullable ? orNull(isInput ? value : pair) : isInput ? value : pair),
    };
  }
  if (field.form === "empty-text" && !isInput) return { ...about, ...orEmptyText(value) };
  return { ...about, ...(field.isNullable ? orNull(value) : value) };
}

/** The schema, or the empty text of a choice that is none. */
function orEmptyText(schema: Json): Json {
  const { enum: choices } = schema;
  return Array.isArray(choices) ? { ...schema, enum: [...(choices as unknown[]), ""] } : schema;
}

/** The schema, or null. */
function orNull(schema: Json): Json {
  const { type, enum: choices } = schema;
  if (typeof type !== "string") return schema;
  return {
    ...schema,
    type: [type, "null"],
    ...(Array.isArray(choices) ? { enum: [...(choices as unknown[]), null] } : {}),
  };
}

function valueSchema({ kind, choices, maxLength, min, max, form }: RestField): Json {
  if (form === "number-and-label") return { type: "integer", enum: choices.map(Number) };
  const bounds = {
    ...(min === null ? {} : { minimum: min }),
    ...(max === null ? {} : { maximum: max }),
  };
  switch (kind) {
    case "integer":
      return { type: "integer", ...bounds };
    case "boolean":
      return { type: "boolean" };
    case "date-time":
      return { type: "string", format: "date-time" };
    case "set":
    case "list":
      return { type: "array", items: { type: "string" } };
    case "json":
    case "keyed-list":
      return {};
    default:
      return {
        type: "string",
        ...(choices.length > 0 ? { enum: choices } : {}),
        ...(maxLength === null ? {} : { maxLength }),
      };
  }
}
