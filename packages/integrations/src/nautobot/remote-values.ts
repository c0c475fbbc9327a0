import { type EncodedKey, type Field, keyOf, type Model, RemoteSystemError } from "@plumbline/sync";
import type { RemoteObject } from "./nautobot-api.ts";

/** A reference that could not be followed. */
export interface Unresolved {
  readonly field: string;
  readonly target: string;
  readonly id: string;
}

/** The key string of the object of a model with that id, as far as it was read. */
export type FindKey = (target: string, id: string) => string | undefined;

/** What GraphQL is asked for a model: plain values, and the ids of what it refers to. */
export function graphqlSelection(model: Model, names: readonly string[]): string {
  return ["id", ...names.map((name) => select(name, model.field(name)))].join(" ");
}

function select(name: string, field: Field<unknown, unknown>): string {
  if (name === "content_types") return "content_types { app_label model }";
  return targetOf(field) === null ? name : `${name} { id }`;
}

/** The model a field refers to, in itself or in its members; null for other fields. */
export function targetOf(field: Field<unknown, unknown>): string | null {
  return field.facts.target ?? field.facts.members?.facts.target ?? null;
}

/** The ids a value refers to: `{ id }`, a list of those, or nothing. */
export function referredIds(value: unknown): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.flatMap((entry) => {
    const id = (entry as { id?: unknown } | null | undefined)?.id;
    return typeof id === "string" ? [id] : [];
  });
}

/**
 * A value of either API as the model's field takes it. References that cannot be followed go to `unresolved`.
 * @throws RemoteSystemError where the value is absent or a reference has no id: neither says that there is none.
 */
export function readValue(
  name: string,
  field: Field<unknown, unknown>,
  object: RemoteObject,
  findKey: FindKey,
  unresolved: Unresolved[],
): unknown {
  const value = object[name];
  if (value === undefined) throw unreadable(name, object, "lacks its field");
  const target = targetOf(field);
  if (target !== null) {
    const expected = Array.isArray(value) ? value.length : value === null ? 0 : 1;
    if (referredIds(value).length !== expected) throw unreadable(name, object, "gives no id in");
    const keys: EncodedKey[] = [];
    for (const id of referredIds(value)) {
      const key = findKey(target, id);
      if (key === undefined) unresolved.push({ field: name, target, id });
      else keys.push(keyOf(key));
    }
    return field.facts.members ? keys : (keys[0] ?? null);
  }
  if (name === "content_types" && Array.isArray(value)) return value.map(contentTypeLabel);
  if (field.kind === "choice") return readChoice(field, value);
  return value;
}

function unreadable(name: string, object: RemoteObject, fact: string): RemoteSystemError {
  return new RemoteSystemError(
    `Nautobot's object ${object.id} ${fact} ${name}, so what it holds is unknown; run again, and look into Nautobot's log if it stays so.`,
  );
}

/** REST gives "dcim.location", GraphQL its two halves. */
function contentTypeLabel(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { app_label: app, model } = value as { app_label?: unknown; model?: unknown };
  return typeof app === "string" && typeof model === "string" ? `${app}.${model}` : value;
}

/** REST gives the value, or it with its label; GraphQL the name of an enum made from it. */
function readChoice(field: Field<unknown, unknown>, value: unknown): unknown {
  const plain =
    typeof value === "object" && value !== null ? (value as { value?: unknown }).value : value;
  // A rack's width is a choice of numbers.
  const given = typeof plain === "number" ? String(plain) : plain;
  if (typeof given !== "string" || field.facts.choices?.includes(given)) return given;
  return field.facts.choices?.find((choice) => enumName(choice) === given) ?? given;
}

/** As graphene makes it: 1000base-t is A_1000BASE_T. */
function enumName(choice: string): string {
  const name = choice.replace(/[^A-Za-z0-9_]/g, "_").toUpperCase();
  return /^[0-9]/.test(name) ? `A_${name}` : name;
}
