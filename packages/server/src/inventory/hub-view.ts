import { type ProjectionFacts, projectionOf } from "@plumbline/plugin-kit";
import {
  createSchema,
  InvalidDeclarationError,
  type Model,
  NotFoundError,
  UnsupportedOperationError,
} from "@plumbline/sync";
import { customNames, ownNames } from "./custom-fields/model-fields.ts";
import type { Inventory } from "./inventory.ts";
import { conditionSql } from "./projection-where.ts";
import type { Table } from "./table.ts";

/**
 * The hub as the models of a run see it: a projection is a table of its model's rows with other columns and
 * another key, and whatever refers to it does so by that key. A model with custom fields has its own table.
 */
export interface HubView extends Inventory {
  /** The hub as it is. */
  readonly base: Inventory;
  /** What a model of the view is a view of; null for one that is the hub's own. */
  projection(model: string): ProjectionFacts | null;
  /** The hub's own name of a model. */
  baseName(model: string): string;
  /** Whether the keys of a model are other ones than the hub's. */
  hasOtherKeys(model: string): boolean;
}

/**
 * @throws UnsupportedOperationError for a model that is not the hub's, nor a view of one;
 * InvalidDeclarationError for two of one name
 */
export function createHubView(base: Inventory, models: readonly Model[]): HubView {
  const facts = new Map<string, ProjectionFacts>();
  const tables = new Map(base.tables.map((table) => [table.model.name, table]));
  const seen = new Map<string, Model>();
  let hasCustomFields = false;
  for (const model of models) {
    if (seen.has(model.name) && seen.get(model.name) !== model) {
      throw new InvalidDeclarationError(
        `Two models are named ${model.name}. Give a projection a \`name\` of its own.`,
      );
    }
    seen.set(model.name, model);
    const projection = projectionOf(model);
    // A plugin may have its own copy of the hub's models: their fields say whether they are the same.
    const table = findTable(base, model, projection?.of ?? model);
    if (projection === null) {
      if (customNames(model).length === 0) continue;
      tables.set(model.name, { ...table, model });
      hasCustomFields = true;
      continue;
    }
    facts.set(model.name, projection);
    const where = conditionSql(base, table, projection.where);
    tables.set(model.name, { ...projectTable(table, model), where });
  }
  if (facts.size === 0 && !hasCustomFields) return viewOf(base, base, facts);

  const all = [...tables.values()];
  const schema = createSchema(all.map(({ model }) => model));
  const table = (model: string): Table => {
    const found = tables.get(model);
    if (found) return found;
    throw new NotFoundError(
      `The hub has no model ${model}. It has: ${[...tables.keys()].join(", ")}.`,
    );
  };
  return viewOf(base, { ...base, schema, tables: all, table }, facts);
}

function viewOf(
  base: Inventory,
  inventory: Inventory,
  facts: ReadonlyMap<string, ProjectionFacts>,
): HubView {
  const others = new Map<string, boolean>();
  const hasOtherKeys = (model: string): boolean => {
    let known = others.get(model);
    if (known === undefined) {
      // A key that refers to its own model says nothing more.
      others.set(model, (known = facts.has(model)));
      known ||= inventory.schema
        .referenceFields(model)
        .some(({ isKey, targets }) => isKey && targets.some(hasOtherKeys));
      others.set(model, known);
    }
    return known;
  };
  return {
    ...inventory,
    base,
    projection: (model) => facts.get(model) ?? null,
    baseName: (model) => facts.get(model)?.of.name ?? model,
    hasOtherKeys: facts.size === 0 ? () => false : hasOtherKeys,
  };
}

function findTable(base: Inventory, model: Model, of: Model): Table {
  const table = base.tables.find((each) => each.model.name === of.name);
  if (table?.model.names.join() === ownNames(of).join()) return table;
  const known = base.tables.map((each) => each.model.name).join(", ");
  throw new UnsupportedOperationError(
    `The hub keeps no ${model.pluralLabel} as they are declared (${of.name}); it keeps ${known}.`,
  );
}

function projectTable(table: Table, model: Model): Table {
  const columns = model.names.flatMap((name) => {
    const column = table.columns.find((each) => each.name === name);
    if (column === undefined) return [];
    const field = model.field(name);
    const target = field.facts.target ?? null;
    return [{ ...column, field, target, isKey: model.keyNames.includes(name) }];
  });
  const joins = table.joins.flatMap((join) => {
    if (!model.names.includes(join.name)) return [];
    const field = model.field(join.name);
    return [{ ...join, field, target: field.facts.members?.facts.target ?? join.target }];
  });
  return { ...table, model, columns, joins };
}
