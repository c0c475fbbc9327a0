// What the descriptions of this part of the API are made of.
import type { Resource } from "./resource.ts";

export type Json = Readonly<Record<string, unknown>>;

/** "ip_address" is "IPAddress"-like: "IpAddress". */
export function schemaName({ name }: Resource): string {
  return name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
export const uuid = { type: "string", format: "uuid" };
export const said = (description: string): Json => ({
  ...{ description, content: { "application/json": { schema: {} } } },
});
export const failures = {
  400: said("What is wrong, by field."),
  403: said("Not signed in."),
  404: said("There is no such object, version or format."),
  406: said("The answer cannot be given in a form that the request takes."),
};
export const bodyFailures = {
  413: said("The request is too large."),
  415: said("The request is no JSON."),
};

export function answers(status: number, schema: Json, otherForms: Json = {}): Json {
  const content = { "application/json": { schema }, ...otherForms };
  return { [status]: { description: "Done.", content }, ...failures, ...bodyFailures };
}

export function body(schema: Json): Json {
  return { requestBody: { required: true, content: { "application/json": { schema } } } };
}

export function pageOf(items: Json): Json {
  const link = { type: ["string", "null"], format: "uri" };
  return {
    type: "object",
    required: ["count", "results"],
    properties: {
      ...{ count: { type: "integer" }, next: link, previous: link },
      results: { type: "array", items },
    },
  };
}

export function operation(resource: Resource, action: string, rest: Json): Json {
  const [app = ""] = resource.path.split("/");
  return { operationId: operationId(resource, action), tags: [app], ...rest };
}

export function operationId({ path }: Resource, action: string): string {
  return `${path.replaceAll("/", "_").replaceAll("-", "_")}_${action}`;
}

export function query(name: string, type: string): Json {
  return { name, in: "query", required: false, schema: { type } };
}

export const idInPath: Json = { name: "id", in: "path", required: true, schema: uuid };
