import { InvalidInputError } from "@plumbline/sync";
import type { Inventory } from "./inventory.ts";
import type { Table } from "./table.ts";

export interface Order {
  /** Tables of references that the order looks into. */
  readonly joins: string;
  readonly orderBy: string;
}

/**
 * The order of a list's rows `t`: by the field named ("-name" for descending), or the model's own order.
 * A reference asked for sorts by what its target is called; in the model's own order, by the target's id. @throws InvalidInputError for a field that has no order.
 */
export function listOrder(inventory: Inventory, table: Table, sort: string | undefined): Order {
  const isDescending = sort?.startsWith("-") ?? false;
  const name = isDescending ? sort?.slice(1) : sort;
  const names = name === undefined || name === "" ? table.hubModel.sort : [name];
  const joins: string[] = [];
  const terms = names.map((field) => {
    const column = table.columns.find((candidate) => candidate.name === field);
    if (!column) {
      const sortable = table.columns.map((candidate) => candidate.name);
      throw new InvalidInputError(
        `${table.model.pluralLabel} cannot be sorted by "${field}". They can by: ${sortable.join(", ")}.`,
      );
    }
    let place = `t.${column.column}`;
    // In its own order a list has what refers to the same together: an index serves that.
    if (column.target !== null && names !== table.hubModel.sort) {
      const target = inventory.table(column.target);
      const alias = `o${joins.length}`;
      const first = target.columns.find((candidate) => candidate.name === target.hubModel.sort[0]);
      joins.push(`left join ${target.name} ${alias} on ${alias}.id = ${place}`);
      place = `${alias}.${first?.column ?? "id"}`;
    }
    // Stated only where it matters: an index serves the order as it is.
    const nulls = column.field.isNullable && isDescending ? " nulls last" : "";
    return `${place}${isDescending ? " desc" : ""}${nulls}`;
  });
  return { joins: joins.join(" "), orderBy: [...terms, "t.id"].join(", ") };
}
