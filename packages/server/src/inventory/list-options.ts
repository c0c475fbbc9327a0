import { InvalidInputError } from "@plumbline/sync";
import { type CustomFieldIndex, readCustomFields } from "./custom-fields/definitions.ts";
import { customFieldFilters } from "./custom-fields/filters.ts";
import { customFieldOrders } from "./custom-fields/orders.ts";
import type { Inventory, Queryable } from "./inventory.ts";
import { filter as makeFilter, type Filter } from "./lists/filter.ts";
import { createFilterIndex } from "./lists/filters.ts";
import { readFilters } from "./lists/given-filters.ts";
import { findField, type List, type ListField, type Lists } from "./lists/list.ts";
import type { ListQuery } from "./lists/select.ts";
import { listsOf } from "./lists/table-list.ts";
import type { Table } from "./table.ts";

/** What a page asks of a model's list. */
export interface ListOptions {
  /**
   * By the filter's name; several values mean any of them. `interface__device` asks the record that a reference
   * names.
   */
  readonly filter?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Text to look for in the model's search fields. */
  readonly search?: string | undefined;
  /** A field's name, with "-" before it for descending. */
  readonly sort?: string | undefined;
}

type FilterIndex = ReturnType<typeof createFilterIndex>;
const indexes = new WeakMap<Lists, FilterIndex>();

function filterIndex(lists: Lists): FilterIndex {
  let index = indexes.get(lists);
  if (!index) indexes.set(lists, (index = createFilterIndex(lists, { descends: false })));
  return index;
}

/** @throws InvalidInputError for a filter or an order that there is not, and for a value that cannot be */
export async function readListOptions(
  client: Queryable,
  inventory: Inventory,
  { model }: Table,
  { filter = {}, search = "", sort = "" }: ListOptions,
): Promise<ListQuery> {
  const lists = listsOf(inventory);
  const list = lists.get(model.name);
  const isCustom = [...Object.keys(filter), sort].some((name) => /(^|__|^-)cf_/.test(name));
  const custom: CustomFieldIndex = isCustom ? await readCustomFields(client) : new Map();
  const given = Object.entries(filter).map(([name, texts]) => ({
    filter: findFilter(lists, list, name, custom),
    texts: typeof texts === "string" ? [texts] : texts,
  }));
  const { filters, faults, doubts } = await readFilters(client, lists, given);
  const [fault] = Object.entries({ ...doubts, ...faults });
  if (fault) {
    const [name, [reason = ""]] = [fault[0], fault[1]];
    throw new InvalidInputError(`${list.label} ${name}: ${reason}`);
  }
  const definitions = custom.get(list.table?.hubModel.contentType ?? "") ?? [];
  const orders = customFieldOrders(definitions);
  if (sort !== "") assertSortable(list, orders, sort.replace(/^-/, ""));
  return {
    ...{ filters, search: search.trim(), emptiesLast: true },
    sort: sort === "" ? [] : [sort],
    custom: orders,
  };
}

function findFilter(lists: Lists, list: List, name: string, custom: CustomFieldIndex): Filter {
  const definitions = custom.get(list.table?.hubModel.contentType ?? "") ?? [];
  const own = filterIndex(lists)(list).get(name) ?? customFieldFilters(definitions).get(name);
  if (own) return own;
  const [, first = "", rest = ""] = /^(.+?)__(.+)$/.exec(name) ?? [];
  const through = findField(list, first);
  if (through && through.target !== null && through.join === null) {
    const target = lists.get(through.target);
    const inner = findFilter(lists, target, rest, custom);
    return makeFilter(
      name,
      (values, parameters) =>
        `${through.place("t")} in (select t.id from ${target.source} t where ${inner.condition(values, parameters)})`,
      { target: inner.target, takesNull: inner.takesNull, read: inner.read },
    );
  }
  throw new InvalidInputError(
    `${list.pluralLabel} cannot be filtered by "${name}". They can by: ${list.fields.map((field) => field.name).join(", ")}.`,
  );
}

function assertSortable(list: List, orders: readonly ListField[], name: string): void {
  const sortable = [...list.fields.filter(({ join }) => join === null), ...orders];
  if (sortable.some((field) => field.name === name)) return;
  throw new InvalidInputError(
    `${list.pluralLabel} cannot be sorted by "${name}". They can by: ${sortable.map((field) => field.name).join(", ")}.`,
  );
}
