// Users, groups and permissions are made and changed by those who may do everything.
import { randomBytes } from "node:crypto";
import { ConflictError } from "@plumbline/sync";
import type { Context } from "hono";
import type { Access } from "../../auth/access.ts";
import {
  type AccountKind,
  type AccountValues,
  createAccount,
  deleteAccounts,
  recordNewUser,
  updateAccount,
} from "../../auth/accounts.ts";
import type { Auth } from "../../auth/auth.ts";
import { inTransaction } from "../../database/transaction.ts";
import { type AccountFaults, isAccountKind, readAccountInput } from "./account-input.ts";
import type { JobContext } from "./job-routes.ts";
import { asInput, assertThere, idsThere, readUpdates, renderOne } from "./object-routes.ts";
import { notPermitted } from "./permitted.ts";
import type { Input } from "./read-input.ts";
import { Refused, refuse } from "./refused.ts";
import { objectUrl } from "./render-object.ts";
import { readBody } from "./request-body.ts";
import type { Update } from "./write-objects.ts";

export interface AccountContext extends JobContext {
  readonly auth: Auth;
  readonly access: Access;
}

/** A write to the list, or to the account with the id. */
export async function answerAccountWrite(
  context: Context,
  objects: AccountContext,
  id: string | undefined,
): Promise<Response> {
  // Who may let others do things may do everything: it would take one request more.
  if (!objects.access.isSuperuser) throw notPermitted();
  const { method } = context.req;
  if (id !== undefined) await assertThere(objects, id);
  switch (method) {
    case "POST":
      if (id !== undefined) break;
      return postAccounts(context, objects);
    case "PUT":
    case "PATCH": {
      const body = await readBody(context);
      const given = id === undefined ? readUpdates(body) : [{ id, input: asInput(body) }];
      // Others are passed over, as of objects.
      const there = new Set(await idsThere(objects, idsOf(given)));
      const updates = given.filter((update) => there.has(update.id.toLowerCase()));
      await changeAccounts(objects, updates, method === "PUT");
      const changed = await renderAll(objects, idsOf(updates));
      return context.json(id === undefined ? changed : (changed[0] ?? {}));
    }
    case "DELETE": {
      const given = id === undefined ? readUpdates(await readBody(context)) : [{ id }];
      const ids = await idsThere(objects, idsOf(given));
      const { database, author } = objects;
      await inTransaction(database, ({ client }) =>
        deleteAccounts(client, author, kindOf(objects), ids),
      );
      return context.body(null, 204);
    }
  }
  throw refuse(405, `Method "${method}" not allowed.`);
}

async function postAccounts(context: Context, objects: AccountContext): Promise<Response> {
  const body = await readBody(context);
  const isList = Array.isArray(body);
  const inputs = [body].flat().map(asInput);
  const read = await readAll(
    objects,
    inputs.map((input) => ({ input })),
    true,
  );
  refuseFaults(
    read.map(({ faults }) => faults),
    isList,
  );
  const ids: string[] = [];
  try {
    for (const { values } of read) await create(objects, values, ids);
  } catch (error) {
    // All of a request, or nothing of it: users are made one by one.
    await inTransaction(objects.database, ({ client }) =>
      deleteAccounts(client, objects.author, kindOf(objects), ids),
    );
    throw nameTaken(objects, error);
  }
  const made = await renderAll(objects, ids);
  if (isList) return context.json(made, 201);
  context.header("Location", objectUrl(objects.origin, objects.resource, ids[0] ?? ""));
  return context.json(made[0] ?? {}, 201);
}

/** Adds the id to `made` as soon as there is one. */
async function create(
  objects: AccountContext,
  values: AccountValues,
  made: string[],
): Promise<void> {
  const { auth, author, database } = objects;
  const kind = kindOf(objects);
  if (kind !== "user") {
    made.push(
      await inTransaction(database, ({ client }) => createAccount(client, author, kind, values)),
    );
    return;
  }
  const { username, password } = values;
  // Who has no password yet has one that nobody knows.
  const unknown = randomBytes(32).toString("base64url");
  const credentials = {
    username: String(username),
    password: typeof password === "string" ? password : unknown,
  };
  const id = await auth.createUser(credentials).catch((error: unknown) => {
    if (!(error instanceof ConflictError)) throw error;
    throw new Refused(400, { username: ["A user with that username already exists."] });
  });
  made.push(id);
  await inTransaction(database, async ({ client }) => {
    await recordNewUser(client, author, id);
    await updateAccount(client, author, "user", id, values);
  });
}

async function changeAccounts(
  objects: AccountContext,
  updates: readonly Update[],
  isWhole: boolean,
): Promise<void> {
  const { auth, author, database } = objects;
  const kind = kindOf(objects);
  const read = await readAll(objects, updates, isWhole);
  if (kind === "user") await refuseNewNames(objects, updates, read);
  refuseFaults(
    read.map(({ faults }) => faults),
    false,
  );
  try {
    await inTransaction(database, async ({ client }) => {
      for (const [index, { id }] of updates.entries()) {
        await updateAccount(client, author, kind, id, read[index]?.values ?? {});
      }
    });
  } catch (error) {
    throw nameTaken(objects, error);
  }
  for (const [index, { id }] of updates.entries()) {
    const password = read[index]?.values["password"];
    if (typeof password === "string") await auth.setPassword(id, password);
  }
}

interface ReadAccount {
  readonly values: AccountValues;
  readonly faults: AccountFaults;
}

function readAll(
  { database, inventory, resources, resource }: AccountContext,
  inputs: readonly { readonly id?: string; readonly input: Input }[],
  isWhole: boolean,
): Promise<ReadAccount[]> {
  const { name } = resource;
  if (!isAccountKind(name)) throw new Error(`${name} is no kind of account.`);
  const reading = { client: database.pool, inventory, resources, resource: { ...resource, name } };
  return Promise.all(inputs.map((input) => readAccountInput(reading, input, isWhole)));
}

/** What a user did is told by the user's name, for ever. */
async function refuseNewNames(
  { database }: AccountContext,
  updates: readonly Update[],
  read: readonly ReadAccount[],
): Promise<void> {
  const { rows } = await database.pool.query<{ id: string; name: string }>(
    "select id, coalesce(username, name) as name from auth_user where id = any($1::uuid[])",
    [updates.map(({ id }) => id)],
  );
  for (const [index, { id }] of updates.entries()) {
    const { values = {}, faults = {} } = read[index] ?? {};
    const name = rows.find((row) => row.id === id)?.name;
    if (values["username"] === undefined || values["username"] === name) continue;
    faults["username"] = ["A user keeps the name. Make another user, and deactivate this one."];
  }
}

function refuseFaults(faults: readonly AccountFaults[], isList: boolean): void {
  const first = faults.find((one) => Object.keys(one).length > 0);
  if (first) throw new Refused(400, isList ? faults : first);
}

/** Two of one name are a fault of the request. */
function nameTaken({ resource }: AccountContext, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error && error.code === uniqueViolation)) return error;
  const label = resource.label.toLowerCase();
  return new Refused(400, { name: [`${label} with this name already exists.`] });
}

const uniqueViolation = "23505";

function idsOf(given: readonly { readonly id: string }[]): string[] {
  return given.map(({ id }) => id);
}

function renderAll(
  objects: AccountContext,
  ids: readonly string[],
): Promise<Record<string, unknown>[]> {
  return Promise.all(ids.map((id) => renderOne(objects, objects.resource, id)));
}

function kindOf({ resource: { name } }: AccountContext): AccountKind {
  if (isAccountKind(name)) return name;
  throw new Error(`${name} is no kind of account.`);
}
