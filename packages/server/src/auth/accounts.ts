// Users, the groups they are in, and the permissions that let them do things: how they are written.
import { ConflictError, type Values } from "@plumbline/sync";
import type pg from "pg";
import { type Author, recordObjectChanges } from "../inventory/audit.ts";
import { endSessions } from "./sessions.ts";

type Client = Pick<pg.ClientBase, "query">;

/** Which objects belong to an account, in a table of pairs. */
interface Members {
  readonly table: string;
  readonly ownColumn: string;
  readonly memberColumn: string;
  /** What they are. */
  readonly kind: AccountKind;
}

export type AccountKind = "user" | "group" | "object_permission";

interface StoredKind {
  readonly table: string;
  /** What people call one by. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly members: Readonly<Record<string, Members>>;
}

export const accountKinds: Readonly<Record<AccountKind, StoredKind>> = {
  user: {
    ...{ table: "auth_user", name: "name" },
    columns: ["is_active", "is_staff", "is_superuser"],
    members: {
      groups: {
        ...{ table: "auth_group_user", ownColumn: "user_id", memberColumn: "group_id" },
        kind: "group",
      },
    },
  },
  group: {
    ...{ table: "auth_group", name: "name", columns: ["name"], members: {} },
  },
  object_permission: {
    ...{ table: "object_permission", name: "name" },
    columns: ["name", "description", "enabled", "object_types", "actions", "constraints"],
    members: {
      users: {
        ...{ table: "object_permission_user", ownColumn: "permission_id", memberColumn: "user_id" },
        kind: "user",
      },
      groups: {
        ...{ table: "object_permission_group", ownColumn: "permission_id" },
        ...{ memberColumn: "group_id", kind: "group" },
      },
    },
  },
};

/** What a request sets of an account: columns by name, and the ids of its members. */
export type AccountValues = Readonly<Record<string, unknown>>;

/** Makes a group or a permission; users are made with their password. @returns its id */
export async function createAccount(
  client: Client,
  author: Author,
  kind: Exclude<AccountKind, "user">,
  values: AccountValues,
): Promise<string> {
  const { table, columns } = accountKinds[kind];
  const given = columns.filter((column) => column in values);
  const places = given.map((_column, index) => `$${index + 1}`);
  const { rows } = await client.query<{ id: string }>(
    `insert into ${table} (${given.join(", ")}) values (${places.join(", ")}) returning id`,
    given.map((column) => stored(column, values[column])),
  );
  const id = rows[0]?.id ?? "";
  await writeMembers(client, kind, id, values);
  await record(client, author, kind, "create", id, null, await readAccount(client, kind, id));
  return id;
}

/** Changes what is given of an account. @throws ConflictError where nobody would be left who may do everything */
export async function updateAccount(
  client: Client,
  author: Author,
  kind: AccountKind,
  id: string,
  values: AccountValues,
): Promise<void> {
  const { table, columns } = accountKinds[kind];
  if (kind === "user") await lockUsers(client);
  const before = await readAccount(client, kind, id);
  const given = columns.filter((column) => column in values);
  const times = kind === "object_permission" ? ["last_updated = now()"] : [];
  const set = [...given.map((column, index) => `${column} = $${index + 2}`), ...times];
  if (set.length > 0) {
    await client.query(`update ${table} set ${set.join(", ")} where id = $1`, [
      id,
      ...given.map((column) => stored(column, values[column])),
    ]);
  }
  await writeMembers(client, kind, id, values);
  if (kind === "user") {
    await assertSuperuser(client);
    if (values["is_active"] === false) await endSessions(client, id);
  }
  await record(client, author, kind, "update", id, before, await readAccount(client, kind, id));
}

/** @throws ConflictError where nobody would be left who may do everything */
export async function deleteAccounts(
  client: Client,
  author: Author,
  kind: AccountKind,
  ids: readonly string[],
): Promise<void> {
  if (kind === "user") await lockUsers(client);
  for (const id of ids) {
    const before = await readAccount(client, kind, id);
    await client.query(`delete from ${accountKinds[kind].table} where id = $1`, [id]);
    await record(client, author, kind, "delete", id, before, null);
  }
  if (kind === "user") await assertSuperuser(client);
}

/** Two requests could each take away the other's last superuser. Before anything is written: two that wait would wait for ever. */
async function lockUsers(client: Client): Promise<void> {
  await client.query("lock table auth_user in share row exclusive mode");
}

/** Where only such a user could let anybody do anything again, there must be one. */
async function assertSuperuser(client: Client): Promise<void> {
  const { rowCount } = await client.query(
    "select from auth_user where is_superuser and is_active limit 1",
  );
  if (rowCount === 0) {
    throw new ConflictError(
      "Nobody would be left who may do everything. Make another user a superuser first.",
    );
  }
}

async function writeMembers(
  client: Client,
  kind: AccountKind,
  id: string,
  values: AccountValues,
): Promise<void> {
  for (const [name, { table, ownColumn, memberColumn }] of Object.entries(
    accountKinds[kind].members,
  )) {
    if (!(name in values)) continue;
    await client.query(`delete from ${table} where ${ownColumn} = $1`, [id]);
    await client.query(
      `insert into ${table} (${ownColumn}, ${memberColumn}) select distinct $1::uuid, unnest($2::uuid[])`,
      [id, values[name]],
    );
  }
}

/** A constraint is JSON; the driver would make an array of PostgreSQL's of a list. */
function stored(column: string, value: unknown): unknown {
  return column === "constraints" && value !== null ? JSON.stringify(value) : value;
}

type Account = Values & { readonly name: string };

/** What audit rows tell of an account: no password, in any form. */
async function readAccount(client: Client, kind: AccountKind, id: string): Promise<Account | null> {
  const { table, name, columns, members } = accountKinds[kind];
  const sets = Object.entries(members).map(
    ([as, { table: pairs, ownColumn, memberColumn, kind: target }]) =>
      `'${as}', array(select o.${accountKinds[target].name} from ${pairs} m
                        join ${accountKinds[target].table} o on o.id = m.${memberColumn}
                       where m.${ownColumn} = t.id order by 1)`,
  );
  const values = columns.map((column) => `'${column}', t.${column}`);
  const { rows } = await client.query<{ account: Account }>(
    `select json_build_object('name', t.${name}, ${[...values, ...sets].join(", ")}) as account
       from ${table} t where t.id = $1`,
    [id],
  );
  return rows[0]?.account ?? null;
}

async function record(
  client: Client,
  author: Author,
  kind: AccountKind,
  action: "create" | "update" | "delete",
  id: string,
  before: Account | null,
  after: Account | null,
): Promise<void> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const label = (after ?? before)?.name ?? id;
  await recordObjectChanges(client, author, [
    { id, change: { model: kind, action, label, before, after } },
  ]);
}

/** That a user was made, who is there already. */
export async function recordNewUser(client: Client, author: Author, id: string): Promise<void> {
  const user = await readAccount(client, "user", id);
  await record(client, author, "user", "create", id, null, user);
}
