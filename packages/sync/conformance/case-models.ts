import {
  Adapter,
  type AdapterClass,
  type AdapterModels,
  type AnyModelClass,
  childUids,
  DiffSyncModel,
  type FieldDeclaration,
  value,
} from "@plumbline/sync/diffsync";
import type { CaseModel, CaseRecord } from "./case-format.ts";
import { readModelFlags } from "./case-flags.ts";
import { record } from "./case-json.ts";

/** Declares a model of a case: all fields take any value. */
export function declareModel(model: CaseModel): AnyModelClass {
  const { name, identifiers, attributes, children, shortname, extraFields = [] } = model;
  const defaults = record(model.defaults);
  const childFields = Object.values(children);
  const fields = new Map<string, FieldDeclaration>();
  const declare = (field: string, declaration: FieldDeclaration): void => {
    if (!fields.has(field)) fields.set(field, declaration);
  };
  for (const field of identifiers) declare(field, value());
  for (const field of attributes) {
    const isRequired = model.required?.includes(field) === true;
    declare(field, isRequired ? value() : value({ default: defaults[field] ?? null }));
  }
  for (const field of extraFields) declare(field, value({ default: null }));
  for (const field of childFields) declare(field, childUids());
  for (const field of model.omitFields ?? []) fields.delete(field);

  const declared = DiffSyncModel.declare(name, {
    fields: Object.fromEntries(fields),
    identifiers,
    attributes,
    children: children as Readonly<Record<string, never>>,
    ...(shortname && { shortName: shortname }),
    ...(model.modelFlags && { modelFlags: readModelFlags(model.modelFlags) }),
  });
  return named(declared as unknown as AnyModelClass, pascalCase(name));
}

/** Declares an adapter of a case, with its models under their names or under the slots given. */
export function declareAdapter(
  name: string,
  models: readonly AnyModelClass[],
  topLevel: readonly string[],
  slots: Readonly<Record<string, string>> = {},
): AdapterClass<AdapterModels> {
  const byName = models.map((model) => [slots[model.modelName] ?? model.modelName, model] as const);
  return named(Adapter.declare({ models: Object.fromEntries(byName), topLevel }), name);
}

/** A class under another name. */
export function named<T extends object>(made: T, name: string): T {
  Object.defineProperty(made, "name", { value: name });
  return made;
}

function pascalCase(name: string): string {
  return name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** Builds a record of a case. */
export function buildRecord(
  models: ReadonlyMap<string, AnyModelClass>,
  { model, ids, attrs, childUids: children, modelFlags }: CaseRecord,
): DiffSyncModel {
  const made = models.get(model);
  if (!made) throw new Error(`A record is of model "${model}", which the case does not declare.`);
  const values = { ...record(ids), ...record(attrs), ...record(children) };
  const flags = modelFlags ? { modelFlags: readModelFlags(modelFlags) } : {};
  return new made({ ...values, ...flags } as never);
}
