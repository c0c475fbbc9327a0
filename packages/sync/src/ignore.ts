import type { Action } from "./change.ts";
import { InvalidDeclarationError, InvalidInputError } from "./errors.ts";
import type { Schema } from "./schema.ts";

/** What of a model a run passes over: fields are neither compared nor written, actions are counted alone. */
export interface IgnoreRule {
  /** Model name. */
  readonly model: string;
  readonly fields?: readonly string[] | undefined;
  readonly actions?: readonly Action[] | undefined;
}

/** What rules are checked against. */
export interface IgnorableModel {
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly isKey: boolean;
    readonly isDerived: boolean;
  }[];
}

/** Rules that fit their models. */
export interface CheckedIgnore {
  fields(model: string): ReadonlySet<string>;
  actions(model: string): ReadonlySet<Action>;
}

const allActions: readonly Action[] = ["create", "update", "delete"];
const nothing: ReadonlySet<never> = new Set();

/** What rules pass over, by model. @throws InvalidDeclarationError for a rule that does not fit. */
export function checkIgnore(
  models: readonly IgnorableModel[],
  rules: readonly IgnoreRule[] | undefined,
): CheckedIgnore {
  const fields = new Map<string, Set<string>>();
  const actions = new Map<string, Set<Action>>();
  for (const rule of rules ?? []) {
    const model = models.find(({ name }) => name === rule.model);
    if (!model) {
      throw new InvalidDeclarationError(
        `A rule ignores something of ${rule.model}, which is no model of the run. It has: ${models.map(({ name }) => name).join(", ")}.`,
      );
    }
    if ((rule.fields ?? []).length + (rule.actions ?? []).length === 0) {
      throw new InvalidDeclarationError(
        `A rule names ${rule.model} and nothing to ignore of it. Name fields or actions.`,
      );
    }
    for (const name of rule.fields ?? []) {
      checkField(model, name);
      add(fields, model.name, name);
    }
    for (const action of rule.actions ?? []) {
      if (!allActions.includes(action)) {
        throw new InvalidDeclarationError(
          `A rule ignores the action ${action} of ${model.name}. Actions are ${allActions.join(", ")}.`,
        );
      }
      add(actions, model.name, action);
    }
  }
  return {
    fields: (model) => fields.get(model) ?? nothing,
    actions: (model) => actions.get(model) ?? nothing,
  };
}

/** The models of a schema as rules see them. */
export function ignorableModels({ models }: Pick<Schema, "models">): readonly IgnorableModel[] {
  return models.map((model) => ({
    name: model.name,
    fields: model.names.map((name, index) => ({
      name,
      isKey: index < model.keyNames.length,
      isDerived: model.field(name).isDerived,
    })),
  }));
}

/** A rule as a person types it: "device.comments" or "site:delete". @throws InvalidInputError */
export function parseIgnoreRule(text: string): IgnoreRule {
  const [, model, mark, what] = /^([a-z0-9_]+)([.:])([a-z0-9_]+)$/.exec(text.trim()) ?? [];
  if (model === undefined || what === undefined) {
    throw new InvalidInputError(
      `"${text}" is nothing to ignore. Write a field as device.comments, an action as site:delete.`,
    );
  }
  return mark === "." ? { model, fields: [what] } : { model, actions: [what as Action] };
}

/** Each thing that is ignored as `parseIgnoreRule` reads it, once and in order. */
export function ignoreTexts(rules: readonly IgnoreRule[]): readonly string[] {
  const texts = rules.flatMap(({ model, fields = [], actions = [] }) => [
    ...fields.map((field) => `${model}.${field}`),
    ...actions.map((action) => `${model}:${action}`),
  ]);
  return [...new Set(texts)].sort();
}

function checkField({ name: model, fields }: IgnorableModel, name: string): void {
  const field = fields.find((each) => each.name === name);
  if (!field) {
    throw new InvalidDeclarationError(
      `A rule ignores ${model}.${name}, which there is not. It has: ${fields.map((each) => each.name).join(", ")}.`,
    );
  }
  if (field.isKey) {
    throw new InvalidDeclarationError(
      `A rule ignores ${model}.${name}, which is part of the key that tells records apart. Ignore actions of ${model}, or narrow the scope.`,
    );
  }
  if (field.isDerived) {
    throw new InvalidDeclarationError(
      `A rule ignores ${model}.${name}, which is derived: it is never compared or written. Leave the rule out.`,
    );
  }
}

function add<T>(sets: Map<string, Set<T>>, model: string, value: T): void {
  const known = sets.get(model);
  if (known) known.add(value);
  else sets.set(model, new Set([value]));
}
