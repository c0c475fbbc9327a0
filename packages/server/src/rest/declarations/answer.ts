// What the declarations share: errors, pages of lists, comma-separated filters.
import { z } from "@hono/zod-openapi";

const ErrorBody = z
  .object({
    error: z.object({
      code: z.string().openapi({ description: "Stable; the message may change." }),
      message: z.string().openapi({ description: "Thing, fact, next step." }),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .openapi("Error");

const failure = {
  default: {
    description: "The request failed.",
    content: { "application/json": { schema: ErrorBody } },
  },
};

/** The `responses` of a route that answers JSON, failures included. */
export function answers<S extends z.ZodType, Code extends 200 | 201 | 202 = 200>(
  schema: S,
  description: string,
  code: Code = 200 as Code,
) {
  const success = {
    [code]: { description, content: { "application/json": { schema } } },
  } as Record<Code, { description: string; content: { "application/json": { schema: S } } }>;
  return { ...success, ...failure };
}

export const answersNothing = { 204: { description: "Done." }, ...failure };

export const answersFile = {
  200: {
    description: "The whole list, streamed.",
    content: {
      "text/csv": { schema: z.string() },
      "application/json": { schema: z.array(z.record(z.string(), z.unknown())) },
    },
  },
  ...failure,
};

/** One page of a list: `total` counts what matches the filters. */
export function pageOf<S extends z.ZodType>(item: S, name: string) {
  return z
    .object({
      items: z.array(item),
      total: z.number().int(),
      limit: z.number().int(),
      offset: z.number().int(),
    })
    .openapi(name);
}

export const isTotalExact = z
  .boolean()
  .openapi({ description: "False: there are `total` or more." });

export const paging = {
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
};

export const format = z.enum(["csv", "json"]).default("csv");

/** A filter that takes one value or several with commas between. */
export function anyOf<const V extends readonly [string, ...string[]]>(values: V) {
  return z
    .string()
    .transform((text) => text.split(",").filter((part) => part !== ""))
    .pipe(z.array(z.enum(values)))
    .optional()
    .openapi({
      type: "string",
      description: `One or more of, with commas between: ${values.join(", ")}`,
    });
}

export const yesOrNo = z.enum(["true", "false"]).transform((text) => text === "true");

export const uuid = z.uuid();

export const moment = z.string().openapi({ format: "date-time" });

export const search = z.string().max(200).optional();

export const signedIn = [{ session: [] }, { token: [] }];
