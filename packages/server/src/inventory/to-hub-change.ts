import { customFieldKey } from "@plumbline/models";
import type { HubLookup } from "@plumbline/plugin-kit";
import {
  type Canonical,
  type Change,
  equalCanonical,
  InvalidInputError,
  keyLabel,
  mapReferences,
  type Model,
  type OutcomeError,
  type Values,
} from "@plumbline/sync";
import type { HubView } from "./hub-view.ts";
import { keyOfValues } from "./key-parts.ts";
import { oversizedValue } from "./oversized.ts";
import { valuesOf } from "./projection-where.ts";
import type { ReferenceTranslation } from "./translate-references.ts";

interface Options {
  /** Of the object the change is about; chosen for a create. */
  readonly id: string;
  /** The values of that object; null for a create. */
  readonly current: Values | null;
  readonly translation: ReferenceTranslation;
  readonly lookup: HubLookup;
}

export type Made = { readonly change: Change } | { readonly error: OutcomeError };

/** The change of the hub's own object that a change as a job sees it means, or why there is none. */
export async function toHubChange(view: HubView, change: Change, options: Options): Promise<Made> {
  const model = view.base.schema.model(view.baseName(change.model));
  const { id, current } = options;
  let after: Values | null = null;
  if (change.after !== null) {
    const values = await hubValues(view, change, model, options);
    if ("error" in values) return values;
    after = values.after;
  }
  const fields = current && after ? differing(current, after) : [];
  const key = keyOfValues(model, current ?? after ?? {});
  const before =
    change.action === "delete"
      ? pick(current ?? {}, (name) => customFieldKey(name) !== null || !model.field(name).isDerived)
      : current && pick(current, (name) => fields.includes(name));
  return {
    change: {
      ...change,
      model: model.name,
      key,
      label: keyLabel(view.base.schema, model, key),
      parentModel: null,
      parentKey: null,
      before,
      after: current && after ? pick(after, (name) => fields.includes(name)) : after,
      fields,
      targetId: change.action === "create" ? null : id,
    },
  };
}

/** What is to be set, in the hub's own fields and keys. */
async function hubValues(
  view: HubView,
  change: Change,
  model: Model,
  { translation, lookup }: Options,
): Promise<{ readonly after: Values } | { readonly error: OutcomeError }> {
  const facts = view.projection(change.model);
  const projected = view.schema.model(change.model);
  const given: Record<string, Canonical> = {};
  for (const [name, value] of Object.entries(change.after ?? {})) {
    const field = projected.field(name);
    let missing: { target: string; key: string } | undefined;
    given[name] = mapReferences(field, value, (target, key) => {
      const found = translation(target, key);
      if (found === undefined) missing ??= { target, key };
      return found ?? key;
    });
    if (missing) return refused("unresolved-reference", name, notOne(view, name, missing));
  }

  let added: Readonly<Record<string, unknown>>;
  let written: Readonly<Record<string, unknown>>;
  try {
    added =
      change.action === "create"
        ? { ...(facts && valuesOf(facts)), ...(await facts?.create?.(given, lookup)) }
        : {};
    written = (await facts?.write?.(given, lookup)) ?? given;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refused("invalid-value", null, `The projection could not make it the hub's: ${reason}`);
  }

  const after: Record<string, Canonical> = {};
  for (const [name, value] of Object.entries({ ...added, ...written })) {
    if (value === undefined) continue;
    try {
      after[name] =
        name in given && value === given[name]
          ? (value as Canonical)
          : model.field(name).normalise(value, view.base.schema.encodeReference);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return refused("invalid-value", name, `${name} ${error.message}.`);
    }
  }
  const oversized = oversizedValue(after);
  if (oversized !== null) return refused("invalid-value", oversized.name, oversized.message);
  if (change.action !== "create") return { after };

  for (const name of model.names) {
    const { isDerived, isNullable, facts: field } = model.field(name);
    if (isDerived || after[name] !== undefined) continue;
    const isKey = model.keyNames.includes(name);
    if (field.default !== undefined) after[name] = field.default;
    else if (isNullable && isKey) after[name] = null;
    else if (!isNullable) {
      const next = `Add it to the projection, or give it in \`create\`.`;
      const message = `A new ${model.label} needs ${name}, which ${change.label} does not have. ${next}`;
      return refused("invalid-value", name, message);
    }
  }
  return { after };
}

function differing(current: Values, after: Values): string[] {
  return Object.keys(after).filter(
    (name) => !equalCanonical(current[name] ?? null, after[name] ?? null),
  );
}

function pick(values: Values, isWanted: (name: string) => boolean): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => isWanted(name)));
}

function notOne(
  view: HubView,
  name: string,
  { target, key }: { target: string; key: string },
): string {
  const label = keyLabel(view.schema, target, key);
  const what = view.table(target).model.label;
  return `${name}: the hub has no ${what} ${label}, or more than one. Create it first, or correct the reference.`;
}

function refused(
  code: OutcomeError["code"],
  field: string | null,
  message: string,
): { readonly error: OutcomeError } {
  return { error: { code, message, field, value: null } };
}
