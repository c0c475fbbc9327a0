import type pg from "pg";
import { type HubModel, hubModels } from "@plumbline/models";
import { createSchema, NotFoundError, type Schema } from "@plumbline/sync";
import { type Column, type Join, type Table, tableOf } from "./table.ts";

/** A place that refers to records of a model. */
export interface Referrer {
  readonly table: Table;
  readonly field: Column | Join;
}

/** Every model of the hub with its table, ready for queries. */
export interface Inventory {
  readonly schema: Schema;
  readonly tables: readonly Table[];
  /** @throws NotFoundError */
  table(model: string): Table;
  /** Where records of a model are referred to, derived references left out. */
  referrers(model: string): readonly Referrer[];
}

export function createInventory(models: readonly HubModel[] = hubModels): Inventory {
  const schema = createSchema(models.map(({ model }) => model));
  const tables = models.map((hubModel) => tableOf(hubModel));
  const byName = new Map(tables.map((table) => [table.model.name, table]));
  const referrers = new Map<string, Referrer[]>(tables.map(({ model }) => [model.name, []]));
  for (const table of tables) {
    for (const field of [...table.columns, ...table.joins]) {
      if (field.target === null || field.field.isDerived) continue;
      referrers.get(field.target)?.push({ table, field });
    }
  }
  return {
    schema,
    tables,
    table(model) {
      const table = byName.get(model);
      if (table) return table;
      throw new NotFoundError(
        `The hub has no model ${model}. It has: ${[...byName.keys()].join(", ")}.`,
      );
    },
    referrers: (model) => referrers.get(model) ?? [],
  };
}

/** What queries run on: a pool, or a client within a transaction. */
export type Queryable = Pick<pg.ClientBase, "query">;
