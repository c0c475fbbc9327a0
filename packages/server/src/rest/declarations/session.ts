import { createRoute, z } from "@hono/zod-openapi";
import { permittedActions } from "../../auth/access.ts";
import { answers, answersNothing, moment, signedIn, uuid } from "./answer.ts";

const SessionUser = z
  .object({
    name: z.string(),
    isSuperuser: z.boolean().openapi({ description: "May do everything." }),
    may: z.record(z.string(), z.array(z.enum(permittedActions))).openapi({
      description:
        "What else may be done, on some objects at least, by type: `dcim.device`: view, change.",
    }),
  })
  .openapi("SessionUser");

const Session = z
  .object({
    user: z.union([SessionUser, z.null()]),
    needsSetup: z.boolean().openapi({ description: "True until the first administrator exists." }),
  })
  .openapi("Session");

const username = z
  .string()
  .trim()
  .min(1)
  .max(150)
  .regex(/^[\w.@+-]+$/, "letters, digits and . @ + - _ only");

const setupToken = z.string().min(1).max(200);

const newPassword = z.string().min(10).max(200);

const ApiToken = z
  .object({
    id: z.string(),
    name: z.string(),
    start: z.string().openapi({ description: "The key's first characters, to tell tokens apart." }),
    createdAt: moment,
    lastUsedAt: moment.nullable(),
    expiresAt: moment.nullable(),
    mayWrite: z.boolean().openapi({ description: "Whether it may change anything." }),
  })
  .openapi("ApiToken");

function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } };
}

export const getSession = createRoute({
  method: "get",
  path: "/api/session",
  responses: answers(Session, "Who is signed in."),
});

export const signIn = createRoute({
  method: "post",
  path: "/api/session",
  request: {
    body: body(
      z.object({ username: z.string().max(150), password: z.string().max(200) }).openapi("SignIn"),
    ),
  },
  responses: answers(Session, "Signed in: the answer sets the session cookie."),
});

export const signOut = createRoute({
  method: "delete",
  path: "/api/session",
  responses: answersNothing,
});

export const checkSetup = createRoute({
  method: "get",
  path: "/api/setup",
  request: { query: z.object({ token: setupToken }) },
  responses: answers(
    z.object({ isGood: z.boolean() }).openapi("SetupLink"),
    "Whether the link would make the first administrator now.",
  ),
});

export const setUp = createRoute({
  method: "post",
  path: "/api/setup",
  request: {
    body: body(
      z.object({ token: setupToken, username, password: newPassword }).openapi("SetupRequest"),
    ),
  },
  responses: answers(Session, "The first administrator exists and is signed in.", 201),
});

export const listTokens = createRoute({
  method: "get",
  path: "/api/tokens",
  security: signedIn,
  responses: answers(
    z.object({ items: z.array(ApiToken) }).openapi("ApiTokens"),
    "Your API tokens.",
  ),
});

export const createToken = createRoute({
  method: "post",
  path: "/api/tokens",
  security: signedIn,
  request: {
    body: body(
      z
        .object({
          name: z.string().trim().min(1).max(100),
          expiresInDays: z.number().int().min(1).max(3650).nullable().default(null),
          mayWrite: z.boolean().default(true),
        })
        .openapi("NewToken"),
    ),
  },
  responses: answers(
    ApiToken.extend({ key: z.string() }).openapi("CreatedToken"),
    "The only answer that ever holds the key.",
    201,
  ),
});

export const revokeToken = createRoute({
  method: "delete",
  path: "/api/tokens/{id}",
  security: signedIn,
  request: { params: z.object({ id: uuid }) },
  responses: answersNothing,
});

export const getStatus = createRoute({
  method: "get",
  path: "/api/status",
  security: signedIn,
  responses: answers(
    z
      .object({
        version: z.string(),
        database: z.string(),
        workers: z.number().int(),
        runningJobs: z.number().int(),
      })
      .openapi("Status"),
    "What runs.",
  ),
});
