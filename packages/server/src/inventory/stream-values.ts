import type pg from "pg";
import type { Values } from "@plumbline/sync";
import type { CustomFieldDefinition } from "./custom-fields/definitions.ts";
import type { Inventory } from "./inventory.ts";
import { type ListOptions, readListOptions } from "./list-options.ts";
import { select } from "./lists/select.ts";
import { listsOf, seenList } from "./lists/table-list.ts";
import { readRecords } from "./read-records.ts";

const atOnce = 1000;

/**
 * The values of every record that a list would show, in its order, some at a time, as of one moment; references as key
 * strings.
 */
export async function* streamValues(
  { pool }: { readonly pool: pg.Pool },
  inventory: Inventory,
  model: string,
  options: ListOptions = {},
  custom: readonly CustomFieldDefinition[] = [],
): AsyncGenerator<readonly Values[]> {
  const lists = listsOf(inventory);
  const table = inventory.table(model);
  const list = seenList(lists, table);
  const query = await readListOptions(pool, inventory, table, options);
  const { joins, where, orderBy, values } = select(lists, list, query);
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query(
      `declare listed no scroll cursor for
         select t.id from ${list.source} t ${joins} ${where} order by ${orderBy}`,
      values,
    );
    for (;;) {
      const { rows } = await client.query<{ id: string }>(`fetch ${atOnce} from listed`);
      if (rows.length === 0) return;
      const ids = rows.map(({ id }) => id);
      const records = await readRecords(client, inventory, model, ids, custom);
      yield ids.map((id) => records.get(id)).filter((values) => values !== undefined);
    }
  } finally {
    await client.query("rollback").catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
}
