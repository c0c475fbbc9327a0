// What requests say of users, groups and permissions.
import { InvalidInputError } from "@plumbline/sync";
import type { Constraint } from "../../auth/access.ts";
import { type AccountKind, accountKinds, type AccountValues } from "../../auth/accounts.ts";
import { isUsername, passwordLength } from "../../auth/better-auth.ts";
import type { Inventory, Queryable } from "../../inventory/inventory.ts";
import { readFlag } from "../../inventory/lists/filter-values.ts";
import { findField } from "../../inventory/lists/list.ts";
import { checkConstraints } from "../../inventory/permits.ts";
import { isUuid } from "../../inventory/uuid.ts";
import type { Input } from "./read-input.ts";
import type { Resource, Resources, RestField } from "./resource.ts";
import { textOf } from "./value-faults.ts";

export type AccountFaults = Record<string, string[]>;

interface Reading {
  readonly client: Queryable;
  readonly inventory: Inventory;
  readonly resources: Resources;
  readonly resource: Resource & { readonly name: AccountKind };
}

/** Values that a request gives, of the account with the id or of a new one, with what is wrong with them; members that are not written are passed over. */
export async function readAccountInput(
  reading: Reading,
  { id = null, input }: { readonly id?: string | null; readonly input: Input },
  isWhole: boolean,
): Promise<{ readonly values: AccountValues; readonly faults: AccountFaults }> {
  const { client, inventory, resource } = reading;
  const faults: AccountFaults = {};
  const values: Record<string, unknown> = {};
  for (const field of resource.fields) {
    if (field.isReadOnly) continue;
    const given = input[field.name];
    if (given === undefined) {
      if (isWhole && field.isRequired) faults[field.name] = ["This field is required."];
      continue;
    }
    try {
      values[field.name] = field.join
        ? await readMembers(reading, field, given)
        : readValue(reading, field, given);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      faults[field.name] = [error.message];
    }
  }
  if (resource.secrets.includes("password") && input["password"] != null) {
    try {
      values["password"] = readPassword(input["password"]);
    } catch (error) {
      faults["password"] = [error instanceof Error ? error.message : String(error)];
    }
  }
  if (resource.name === "object_permission" && Object.keys(faults).length === 0) {
    const { object_types: types, constraints } = { ...(await readStored(client, id)), ...values };
    try {
      await checkConstraints(client, inventory, types ?? [], [constraints ?? []].flat());
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      faults["constraints"] = [error.message];
    }
  }
  return { values, faults };
}

interface StoredPermission {
  readonly object_types?: readonly string[];
  readonly constraints?: Constraint | readonly Constraint[] | null;
}

/** What a request may leave as it is. */
async function readStored(client: Queryable, id: string | null): Promise<StoredPermission> {
  if (id === null) return {};
  const { rows } = await client.query<StoredPermission>(
    "select object_types, constraints from object_permission where id = $1",
    [id],
  );
  return rows[0] ?? {};
}

function readValue({ resources }: Reading, field: RestField, given: unknown): unknown {
  switch (field.name) {
    case "username":
      return readUsername(given);
    case "object_types":
      return readObjectTypes(resources, given);
    case "actions":
      return readTexts(given, 30);
    case "constraints":
      return readConstraints(given);
  }
  if (field.kind === "boolean") {
    const flag = typeof given === "boolean" ? given : readFlag(textOf(given));
    if (flag === undefined) throw new InvalidInputError("Must be a valid boolean.");
    return flag;
  }
  const text = readText(given, field.maxLength ?? Infinity);
  if (text === "" && field.isRequired) throw new InvalidInputError("This field may not be blank.");
  return text;
}

function readText(given: unknown, most: number): string {
  if (given === null) throw new InvalidInputError("This field may not be null.");
  if (typeof given !== "string") throw new InvalidInputError("Not a valid string.");
  const text = given.trim();
  if (text.length <= most) return text;
  throw new InvalidInputError(`Ensure this field has no more than ${most} characters.`);
}

function readUsername(given: unknown): string {
  const name = readText(given, Infinity);
  if (name === "") throw new InvalidInputError("This field may not be blank.");
  if (isUsername(name)) return name;
  throw new InvalidInputError(
    "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
  );
}

function readPassword(given: unknown): string {
  const { min, max } = passwordLength;
  if (typeof given === "string" && given.length >= min && given.length <= max) return given;
  throw new InvalidInputError(`A password has ${min} to ${max} characters.`);
}

function readTexts(given: unknown, most: number): string[] {
  if (!Array.isArray(given)) {
    throw new InvalidInputError(`Expected a list of items but got type "${typeof given}".`);
  }
  return given.map((one) => readText(one, most));
}

function readObjectTypes({ all }: Resources, given: unknown): string[] {
  const types = readTexts(given, Infinity);
  // Everybody has tokens of their own; in Nautobot that is a matter of permissions.
  const known = new Set(["users.token", ...all.map(({ contentType }) => contentType)]);
  const unknown = types.find((type) => !known.has(type));
  if (unknown === undefined) return types;
  throw new InvalidInputError(`Invalid content type: ${unknown}`);
}

/** An object of lookups, several of them, or none. */
function readConstraints(given: unknown): Constraint | Constraint[] | null {
  if (given === null || given === "") return null;
  if (isConstraint(given)) return given;
  if (Array.isArray(given) && given.every(isConstraint)) return given.length === 0 ? null : given;
  throw new InvalidInputError(
    'Give lookups by path, as {"location__name": "Berlin"}, or a list of such objects, one of which must be met.',
  );
}

function isConstraint(given: unknown): given is Constraint {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

/** The ids of members, each given by its id, its name, or an object with one of the two. */
async function readMembers(
  { client, resources }: Reading,
  { target }: RestField,
  given: unknown,
): Promise<string[]> {
  if (!Array.isArray(given)) {
    throw new InvalidInputError(`Expected a list of items but got type "${typeof given}".`);
  }
  const kind = resources.get(target ?? "");
  const called = kind.calledBy;
  const wanted = given.map((one: unknown) => {
    const said = typeof one === "object" && one !== null ? (one as Input) : { id: one };
    return textOf(said["id"] ?? said[called] ?? "");
  });
  const place = findField(kind, called)?.place("t") ?? "t.id";
  const { rows } = await client.query<{ id: string; name: string }>(
    `select t.id, ${place} as name from ${kind.source} t
      where t.id = any($1::uuid[]) or ${place} = any($2::text[])`,
    [wanted.filter(isUuid), wanted],
  );
  return wanted.map((name) => {
    const found = rows.find((row) => row.id === name.toLowerCase() || row.name === name);
    if (found) return found.id;
    throw new InvalidInputError(
      `Related object not found using the provided ${isUuid(name) ? "ID" : "name"}: ${name}`,
    );
  });
}

export function isAccountKind(name: string): name is AccountKind {
  return Object.hasOwn(accountKinds, name);
}
