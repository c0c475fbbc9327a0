// A user's own API tokens, as Nautobot's clients make and drop them.
import type { Context } from "hono";
import type { ApiToken, ApiTokens } from "../../auth/api-tokens.ts";
import type { Identity } from "../../auth/identity.ts";
import { readBoolean, readMoment } from "../../inventory/lists/filter-values.ts";
import { isUuid } from "../../inventory/uuid.ts";
import { readMethods } from "../read-methods.ts";
import { pageLinks, readListRequest } from "./list-request.ts";
import { asInput } from "./object-routes.ts";
import { refuse, refuseFields } from "./refused.ts";
import { readBody } from "./request-body.ts";
import type { Input } from "./read-input.ts";

interface TokenContext {
  readonly tokens: ApiTokens;
  readonly identity: Identity;
  readonly origin: string;
}

const path = "/api/users/tokens/";
/** As on their page. */
const longestName = 100;

/** Lists, shows, makes and deletes; what a token is for does not change. */
export async function answerTokens(
  context: Context,
  { tokens, identity, origin }: TokenContext,
  id: string | undefined,
): Promise<Response> {
  const { method } = context.req;
  const userId = identity.user.id;
  // A key that leaked must not be able to make itself a successor.
  if (identity.by === "token" && !readMethods.has(method)) {
    throw refuse(403, "Tokens are made and deleted with name and password, not with a token.");
  }
  if (id === undefined) {
    if (method === "POST") {
      const wanted = readToken(asInput(await readBody(context)));
      const made = await tokens.create(userId, wanted);
      return context.json({ ...tokenObject(origin, made), key: made.key }, 201);
    }
    if (!readMethods.has(method)) throw refuse(405, `Method "${method}" not allowed.`);
    const query = new URL(context.req.url).searchParams;
    const request = readListRequest(query, new Map());
    const all = await tokens.list(userId);
    const { limit, offset } = request;
    const results = all.slice(offset, offset + limit).map((token) => tokenObject(origin, token));
    const links = pageLinks(`${origin}${path}`, query, request, all.length);
    return context.json({ count: all.length, ...links, results });
  }
  const found = isUuid(id) ? (await tokens.list(userId)).find((token) => token.id === id) : null;
  if (!found) throw refuse(404, "Not found.");
  if (method === "DELETE") {
    await tokens.revoke(userId, id);
    return context.body(null, 204);
  }
  if (!readMethods.has(method)) throw refuse(405, `Method "${method}" not allowed.`);
  return context.json(tokenObject(origin, found));
}

function readToken(input: Input): Pick<ApiToken, "name" | "expiresAt" | "mayWrite"> {
  const { description = "", expires = null, write_enabled: mayWrite = true, key } = input;
  const faults: Record<string, string[]> = {};
  if (key !== undefined) faults["key"] = ["Keys are made by the server: leave it out."];
  if (typeof description !== "string") faults["description"] = ["Not a valid string."];
  else if (description.length > longestName) {
    faults["description"] = [`Ensure this field has no more than ${longestName} characters.`];
  }
  const expiresAt = expires === null ? null : read(expires, readMoment, "expires", faults);
  const writes =
    typeof mayWrite === "boolean" ? mayWrite : read(mayWrite, readBoolean, "write_enabled", faults);
  if (Object.keys(faults).length > 0) throw refuseFields(faults);
  return {
    name: String(description).trim() || "API",
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    mayWrite: writes === true,
  };
}

function read<T>(
  value: unknown,
  reader: (text: string) => T,
  field: string,
  faults: Record<string, string[]>,
): T | null {
  try {
    return reader(String(value));
  } catch (error) {
    faults[field] = [error instanceof Error ? error.message : String(error)];
    return null;
  }
}

/** Without the key, which only the answer to its making holds. */
function tokenObject(origin: string, token: ApiToken) {
  const { id, name, start, createdAt, expiresAt, mayWrite } = token;
  return {
    ...{ id, object_type: "users.token", display: `${start}…`, url: `${origin}${path}${id}/` },
    ...{ natural_slug: `${id}_${id.slice(0, 4)}`, key: null, created: createdAt.toISOString() },
    ...{ expires: expiresAt?.toISOString() ?? null, write_enabled: mayWrite, description: name },
  };
}
