// The API that Nautobot's clients know, generic from the declarations of the hub's models. Paths, bodies
// and refusals are Nautobot's; nothing here names a model.
import { customFieldKey } from "@plumbline/models";
import type { PermittedAction } from "../../auth/access.ts";
import { permitsOf } from "../../inventory/permits.ts";
import { person } from "../../inventory/claims.ts";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { PlumblineError } from "@plumbline/sync";
import type { Identity } from "../../auth/identity.ts";
import {
  type CustomFieldIndex,
  readCustomFields,
} from "../../inventory/custom-fields/definitions.ts";
import { customFieldFilters } from "../../inventory/custom-fields/filters.ts";
import { createFilterIndex } from "../../inventory/lists/filters.ts";
import { isDatabaseOut } from "../../database/connection-loss.ts";
import { collectLists } from "../../inventory/lists/list.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import { readServerStatus } from "../../syncs/queries/server-status.ts";
import { addressOf } from "../client-address.ts";
import { RequestError } from "../errors.ts";
import { identifyByPassword } from "../password-sign-in.ts";
import { readMethods } from "../read-methods.ts";
import type { SignInLimit } from "../sign-in-limit.ts";
import { isAccountKind } from "./account-input.ts";
import { answerAccountWrite } from "./account-routes.ts";
import { docsPage } from "./docs-page.ts";
import { createApiDocument } from "../document.ts";
import { describeNautobotApi } from "./document.ts";
import { hubResources } from "./hub-resources.ts";
import { answerJobRun, answerJobVariables, findJobUuid, type JobContext } from "./job-routes.ts";
import { answerNoteWrite, answerObjectNotes } from "./note-routes.ts";
import { answerBareList, answerDetail, answerList, assertThere } from "./object-routes.ts";
import { actionOf, notPermitted, permitted } from "./permitted.ts";
import { recordResources } from "./record-resources.ts";
import { Refused, refuse } from "./refused.ts";
import type { Resource } from "./resource.ts";
import { answerTokens } from "./token-routes.ts";
import { answerUserConfig } from "./user-config.ts";
import { answerVersion, apiVersion, negotiate } from "./versions.ts";

/** Room for a thousand objects in a request. */
const mostBodyBytes = 16 * 1024 * 1024;

/** Answers the requests of Nautobot's clients, and passes on those for other paths. */
export function createNautobotApi(
  options: AppOptions,
  limit: SignInLimit,
): MiddlewareHandler<AppEnv> {
  const { auth, commands, database, inventory, logger, version } = options;
  const resources = collectLists([...hubResources(inventory), ...recordResources(inventory)]);
  const filters = createFilterIndex(resources, { descends: true });
  const byPath = new Map(resources.all.map((resource) => [resource.path, resource]));
  const apps = new Set(resources.all.map(({ path }) => appOf(path)));
  const page = once(() => docsPage(resources, filters, createApiDocument(version)));
  const limitBody = bodyLimit({
    maxSize: mostBodyBytes,
    onError: () => {
      throw refuse(413, "The request is larger than 16 MiB. Send less at once.");
    },
  });

  /** The filters of a list, those by its custom fields among them. */
  function withCustomFilters(customFields: CustomFieldIndex) {
    return (resource: Resource) =>
      new Map([
        ...filters(resource),
        ...customFieldFilters(customFields.get(resource.contentType) ?? []),
      ]);
  }

  async function document(): Promise<object> {
    const custom = withCustomFilters(await readCustomFields(database.pool));
    return describeNautobotApi(resources, custom, version);
  }

  /** Whose request it is. @throws Refused as Nautobot does, with 403. */
  async function identify(context: Context<AppEnv>, isByPassword: boolean): Promise<Identity> {
    const header = context.req.header("authorization");
    const { headers } = context.req.raw;
    const identity =
      (await auth.identify(headers)) ??
      (isByPassword
        ? await identifyByPassword(auth, limit, headers, addressOf(context))
        : undefined);
    if (identity?.mayWrite === false && !readMethods.has(context.req.method)) throw notPermitted();
    if (identity !== undefined) return identity;
    const [scheme = "", key = "", ...rest] = (header ?? "").trim().split(/\s+/);
    if (scheme.toLowerCase() !== "token") {
      throw refuse(403, "Authentication credentials were not provided.");
    }
    if (key === "") throw refuse(403, "Invalid token header. No credentials provided.");
    if (rest.length > 0) {
      throw refuse(403, "Invalid token header. Token string should not contain spaces.");
    }
    throw refuse(403, refusedKeys[await auth.tokens.whyNot(key)]);
  }

  async function answer(context: Context<AppEnv>, parts: readonly string[]): Promise<Response> {
    const { method } = context.req;
    const isTokens = parts[0] === "users" && parts[1] === "tokens" && parts.length <= 3;
    const [identity, customFields] = await Promise.all([
      identify(context, isTokens),
      readCustomFields(database.pool),
    ]);
    for (const cookie of identity.setCookies)
      context.header("Set-Cookie", cookie, { append: true });
    const query = new URL(context.req.url).searchParams;
    const origin = originOf(context);
    if (parts.length === 0) return onlyRead(method, () => context.json(rootLinks(origin)));
    const [app = ""] = parts;
    if (app === "status") return onlyRead(method, async () => context.json(await status()));
    if (app === "swagger.json") return onlyRead(method, async () => context.json(await document()));
    if (app === "docs") {
      if (query.get("format") === "openapi") return context.redirect("/api/swagger.json", 301);
      return onlyRead(method, () => context.html(page()));
    }
    if (isTokens) {
      return answerTokens(context, { tokens: auth.tokens, identity, origin }, parts[2]);
    }
    if (parts.join("/") === "users/config") {
      return answerUserConfig(context, database, identity.user.id);
    }
    const format = negotiate(context.req.header("accept"), query);
    if (parts.length === 1) return onlyRead(method, () => context.json(appLinks(origin, app)));
    const found = findResource(parts);
    if (!found) throw refuse(404, "Not found.");
    const { resource, rest } = found;
    const [id, action] = rest;
    const permits = permitsOf(inventory, identity.access, identity.user.id);
    const isCustom = [...query.keys()].some((name) => customFieldKey(name) !== null);
    const objectContext: JobContext = {
      ...{ database, inventory, resources, resource, query, origin, format, commands },
      user: identity.user,
      filters: isCustom ? withCustomFilters(customFields)(resource) : filters(resource),
      customFields,
      author: {
        ...{ userName: identity.user.name, jobResultId: null, syncId: null },
        ...{ claimant: person, permits },
      },
      permits,
    };
    if (!readMethods.has(method) && isAccountKind(resource.name) && action === undefined) {
      const { access } = identity;
      return answerAccountWrite(context, { ...objectContext, auth, access }, id);
    }
    const isRun = resource.name === "job" && action === "run";
    // What hangs on an object is there for who may view it.
    const wanted = isRun ? "run" : action === undefined ? actionOf(method) : "view";
    const allowed = { ...objectContext, resource: permitted(permits, resources, resource, wanted) };
    if (resource.name === "note" && action === undefined && !readMethods.has(method)) {
      return answerNoteWrite(context, allowed, id);
    }
    if (id === undefined) return answerList(context, allowed);
    // A job may be called by its name.
    const objectId = resource.name === "job" ? await findJobUuid(allowed, id) : id;
    if (action === undefined) return answerDetail(context, allowed, objectId);
    return answerAction(context, allowed, objectId, action);
  }

  /** What hangs on one object: its history, a run's lines, a job's variables and its start. */
  async function answerAction(
    context: Context<AppEnv>,
    objects: JobContext,
    id: string,
    action: string,
  ): Promise<Response> {
    const { method } = context.req;
    const { resource, permits } = objects;
    if (action === "notes" && resource.hasNotes) {
      const notes = beside(objects, "note", "assigned_object_id", id, actionOf(method));
      return answerObjectNotes(context, objects, notes, id);
    }
    if (resource.name === "job" && action === "variables") {
      return onlyRead(method, () => answerJobVariables(context, objects, id));
    }
    if (resource.name === "job" && action === "run") {
      if (method === "POST") return answerJobRun(context, objects, id);
      throw refuse(405, `Method "${method}" not allowed.`);
    }
    const hasChanges = action === "changelog" && resource.table !== null;
    const hasLines = action === "logs" && resource.name === "job_result";
    if (!hasChanges && !hasLines) throw refuse(404, "Not found.");
    // What happened to an object is told when it is gone too, to who may view any of them.
    if (permits?.(resource.contentType, "view") != null) await assertThere(objects, id);
    const list = hasLines
      ? beside(objects, "job_log", "job_result", id)
      : beside(objects, "object_change", "changed_object_id", id);
    return onlyRead(method, () =>
      hasLines ? answerBareList(context, list) : answerList(context, list),
    );
  }

  /** The request as one for the objects of another list that belong to an object. */
  function beside(
    objects: JobContext,
    name: string,
    filter: string,
    id: string,
    action: PermittedAction | null = "view",
  ): JobContext {
    const resource = permitted(objects.permits, resources, resources.get(name), action);
    const query = new URLSearchParams(objects.query);
    query.set(filter, id);
    return { ...objects, resource, filters: filters(resource), query };
  }

  /** Under the names that Nautobot gives them. */
  async function status(): Promise<Record<string, unknown>> {
    const { workers } = await readServerStatus(database.kysely);
    return {
      ...{ "django-version": "", "installed-apps": {}, "nautobot-version": apiVersion },
      ...{ "nautobot-apps": {}, plugins: {}, "python-version": "" },
      ...{ "celery-workers-running": workers, "plumbline-version": version },
    };
  }

  function rootLinks(origin: string): Record<string, string> {
    const names = [...apps, "docs", "status"].toSorted();
    return Object.fromEntries(names.map((name) => [name, `${origin}/api/${name}/`]));
  }

  function appLinks(origin: string, app: string): Record<string, string> {
    const paths = [...byPath.keys(), "users/config", "users/tokens"]
      .filter((path) => appOf(path) === app)
      .toSorted();
    return Object.fromEntries(
      paths.map((path) => [path.slice(app.length + 1), `${origin}/api/${path}/`]),
    );
  }

  /** The resource whose path the parts begin with, and the parts that follow. */
  function findResource(
    parts: readonly string[],
  ): { readonly resource: Resource; readonly rest: readonly string[] } | undefined {
    for (const length of [2, 3]) {
      const resource = byPath.get(parts.slice(0, length).join("/"));
      if (resource && parts.length - length <= 2) return { resource, rest: parts.slice(length) };
    }
    return undefined;
  }

  return async (context, next) => {
    const path = /^\/api(?:\/(.*))?$/.exec(context.req.path)?.[1];
    const parts = (path ?? "").split("/").filter((part) => part !== "");
    const isRoot = context.req.path === "/api" || context.req.path === "/api/";
    // The pages ask for /api/status without a slash, and for more than Nautobot says.
    const isOurs = isRoot || apps.has(parts[0] ?? "") || besides.has(path ?? "");
    if (!isOurs) return next();
    context.header("Cache-Control", "no-store");
    let response: Response | undefined;
    try {
      await limitBody(context, async () => {
        response = await answer(context, parts.map(decode));
      });
    } catch (error) {
      response = answerRefusal(context, error, logger);
    }
    answerVersion(response?.headers);
    return response;
  };
}

/** Nautobot's words for keys that are good for nothing. */
const refusedKeys = {
  unknown: "Invalid token",
  expired: "Token expired",
  "user-inactive": "User inactive",
} as const;

/** What is there beside the resources. */
const besides: ReadonlySet<string> = new Set(["status/", "docs", "docs/", "swagger.json"]);

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function appOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function onlyRead(
  method: string,
  answer: () => Response | Promise<Response>,
): Response | Promise<Response> {
  if (readMethods.has(method)) return answer();
  throw refuse(405, `Method "${method}" not allowed.`);
}

/** Where the client reached us: behind a proxy, by the scheme that it says. */
function originOf(context: Context): string {
  const url = new URL(context.req.url);
  const isEncrypted = context.req.header("x-forwarded-proto") === "https";
  return isEncrypted ? `https://${url.host}` : url.origin;
}

function answerRefusal(context: Context, error: unknown, logger: AppOptions["logger"]): Response {
  if (error instanceof Refused) return context.json(error.body as object, error.status);
  if (error instanceof RequestError && error.code === "too-many-requests") {
    return context.json({ detail: error.message }, 429);
  }
  if (error instanceof PlumblineError) {
    const status = statuses[error.code];
    if (status !== undefined) return context.json({ detail: error.message }, status);
  }
  if (!(error instanceof Error)) throw error;
  if (isDataError(error)) {
    return context.json(
      { detail: `The request holds a value that cannot be: ${error.message}.` },
      400,
    );
  }
  logger.error(`${context.req.method} ${context.req.path} failed: ${error.message}`, {
    stack: error.stack,
  });
  if (isDatabaseOut(error)) {
    return context.json({ detail: "The database does not answer. Try again." }, 503);
  }
  const detail = "The server failed at this request. Its log says why; please report it.";
  return context.json({ error: detail, exception: error.name }, 500);
}

const statuses: Partial<Record<PlumblineError["code"], 400 | 403 | 404 | 409>> = {
  "invalid-input": 400,
  "not-allowed": 403,
  "not-found": 404,
  conflict: 409,
  stale: 409,
};

/** PostgreSQL says that a value is none of its type, or that a pattern cannot be read. */
function isDataError(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && /^22...$/.test(error.code);
}
