import { projectionOf } from "@plumbline/plugin-kit";
import type { Field, Model } from "@plumbline/sync";
import type { FieldManifest, ModelManifest } from "./manifest.ts";

/** A model as data; `group` is the menu heading of a model the hub keeps, null for a plugin's own. */
export function describeModel(model: Model, group: string | null): ModelManifest {
  const keyNames = new Set(model.keyNames);
  return {
    name: model.name,
    plural: model.plural,
    label: model.label,
    pluralLabel: model.pluralLabel,
    description: model.description,
    parent: model.parent,
    isHub: group !== null,
    viewOf: projectionOf(model)?.of.name ?? null,
    group,
    fields: model.names.map((name) => describeField(name, model.field(name), keyNames.has(name))),
  };
}

function describeField(name: string, field: Field, isKey: boolean): FieldManifest {
  const { facts } = field;
  return {
    name,
    label: facts.label ?? labelOf(name),
    kind: field.kind,
    isKey,
    isNullable: field.isNullable,
    isDerived: field.isDerived,
    description: facts.description ?? "",
    isRequired:
      !field.isNullable &&
      !field.isDerived &&
      facts.default === undefined &&
      facts.through === undefined,
    default: facts.default ?? null,
    target: facts.target ?? facts.members?.facts.target ?? null,
    choices: facts.choices ?? facts.members?.facts.choices ?? [],
    maxLength: facts.maxLength ?? null,
    min: facts.min ?? null,
    max: facts.max ?? null,
    scale: facts.scale ?? null,
    members: facts.members?.kind ?? null,
  };
}

function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
