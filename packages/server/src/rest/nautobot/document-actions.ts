// What the document says beside lists and objects: notes, history, jobs, tokens, status.
import {
  answers,
  body,
  bodyFailures,
  failures,
  idInPath,
  type Json,
  operation,
  pageOf,
  query,
  ref,
  said,
  schemaName,
  uuid,
} from "./document-parts.ts";
import { listParameters } from "./list-request.ts";
import type { Resource, Resources } from "./resource.ts";

interface Described {
  readonly paths: Readonly<Record<string, Json>>;
  readonly schemas: Readonly<Record<string, Json>>;
}

/** Operations by path, of which some belong to a path that has others. */
export function describeActions(resources: Resources): Described {
  const paths: Record<string, Json> = {};
  const note = ref(schemaName(resources.get("note")));
  const change = ref(schemaName(resources.get("object_change")));
  const list = [...listParameters, "q"].map((parameter) => query(parameter, "string"));
  const parameters = [idInPath, ...list];
  for (const resource of resources.all) {
    const detail = `/${resource.path}/{id}/`;
    if (resource.hasNotes) {
      paths[`${detail}notes/`] = {
        get: operation(resource, "notes_list", {
          parameters,
          responses: answers(200, pageOf(note)),
        }),
        post: operation(resource, "notes_create", {
          parameters: [idInPath],
          ...body(oneOrMore({ ...text, required: ["note"] })),
          responses: answers(201, { oneOf: [note, { type: "array", items: note }] }),
        }),
      };
    }
    if (resource.table !== null) {
      paths[`${detail}changelog/`] = {
        get: operation(resource, "changelog", {
          parameters,
          responses: answers(200, pageOf(change)),
        }),
      };
    }
  }
  Object.assign(paths, noteWrites(resources.get("note"), note));
  Object.assign(paths, runs(resources));
  Object.assign(paths, tokens());
  paths["/status/"] = {
    get: {
      operationId: "status_list",
      tags: ["status"],
      responses: answers(200, { type: "object" }),
    },
  };
  return { paths, schemas: { Token: tokenSchema } };
}

const text = { type: "object", properties: { note: { type: "string", minLength: 1 } } };
const oneOrMore = (schema: Json): Json => ({ oneOf: [schema, { type: "array", items: schema }] });
const gone = { 204: { description: "Deleted." }, ...failures, ...bodyFailures };

/** Notes are no records of the hub, and are written in a way of their own. */
function noteWrites(resource: Resource, note: Json): Record<string, Json> {
  const about = {
    type: "object",
    required: ["assigned_object_type", "assigned_object_id", "note"],
    properties: {
      assigned_object_type: { type: "string", description: "dcim.location, say." },
      assigned_object_id: uuid,
      ...text.properties,
    },
  };
  const named = { type: "object", required: ["id"], properties: { id: uuid } };
  const parameters = [idInPath];
  const responses = answers(200, note);
  return {
    [`/${resource.path}/`]: {
      post: operation(resource, "create", {
        ...body(oneOrMore(about)),
        responses: answers(201, { oneOf: [note, { type: "array", items: note }] }),
      }),
      delete: operation(resource, "bulk_destroy", {
        ...body({ type: "array", items: named }),
        responses: gone,
      }),
    },
    [`/${resource.path}/{id}/`]: {
      put: operation(resource, "update", {
        ...{ parameters, ...body({ ...text, required: ["note"] }), responses },
      }),
      patch: operation(resource, "partial_update", { ...{ parameters, ...body(text), responses } }),
      delete: operation(resource, "destroy", { parameters, responses: gone }),
    },
  };
}

/** Starting a job, what it asks for, and the lines of a run. */
function runs(resources: Resources): Record<string, Json> {
  const job = resources.get("job");
  const result = resources.get("job_result");
  const keyHeader = {
    ...{ name: "Idempotency-Key", in: "header", required: false, schema: { type: "string" } },
    description: "Sent again with the same key, the request starts nothing more.",
  };
  const variable = {
    type: "object",
    required: ["name", "type", "required"],
    properties: {
      ...{ name: { type: "string" }, type: { type: "string" }, required: { type: "boolean" } },
      ...{ label: { type: "string" }, help_text: { type: "string" }, default: {} },
      choices: { type: "array", items: { type: "array", items: { type: "string" } } },
    },
  };
  return {
    [`/${job.path}/{id}/variables/`]: {
      get: operation(job, "variables", {
        parameters: [idInPath],
        responses: answers(200, { type: "array", items: variable }),
      }),
    },
    [`/${job.path}/{id}/run/`]: {
      post: operation(job, "run", {
        parameters: [idInPath, keyHeader],
        ...body({
          type: "object",
          properties: {
            data: {
              type: "object",
              description: "The job's variables by name, `dryrun` and `asks_deletes` among them.",
            },
          },
        }),
        responses: {
          ...answers(201, {
            type: "object",
            required: ["job_result"],
            properties: { scheduled_job: { type: "null" }, job_result: ref(schemaName(result)) },
          }),
          409: said("The key was used for another request."),
        },
      }),
    },
    [`/${result.path}/{id}/logs/`]: {
      get: operation(result, "logs", {
        parameters: [idInPath],
        responses: answers(200, {
          type: "array",
          items: ref(schemaName(resources.get("job_log"))),
        }),
      }),
    },
  };
}

const moment = { type: "string", format: "date-time" };
const tokenSchema: Json = {
  type: "object",
  required: ["id", "object_type", "display", "url", "key", "created", "expires", "write_enabled"],
  properties: {
    ...{ id: uuid, object_type: { type: "string" }, display: { type: "string" } },
    ...{ url: { type: "string", format: "uri" }, natural_slug: { type: "string" } },
    key: { type: ["string", "null"], description: "In the answer to its making alone." },
    created: moment,
    expires: { ...moment, type: ["string", "null"] },
    ...{ write_enabled: { type: "boolean" }, description: { type: "string" } },
  },
};

/** One's own tokens: made and deleted with name and password. */
function tokens(): Record<string, Json> {
  const token = ref("Token");
  const parameters = [idInPath];
  const security = [{ basicAuth: [] }];
  const about = (action: string): Json => ({
    operationId: `users_tokens_${action}`,
    tags: ["users"],
  });
  const wanted = {
    type: "object",
    properties: {
      description: { type: "string", maxLength: 100 },
      expires: { ...moment, type: ["string", "null"] },
      write_enabled: { type: "boolean" },
    },
  };
  return {
    "/users/tokens/": {
      get: {
        ...about("list"),
        parameters: ["limit", "offset"].map((name) => query(name, "integer")),
        responses: answers(200, pageOf(token)),
      },
      post: { ...about("create"), security, ...body(wanted), responses: answers(201, token) },
    },
    "/users/tokens/{id}/": {
      get: { ...about("retrieve"), parameters, responses: answers(200, token) },
      delete: { ...about("destroy"), security, parameters, responses: gone },
    },
  };
}
