import type pg from "pg";
import type { Values } from "@plumbline/sync";
import type { Inventory } from "./inventory.ts";
import { type ListOptions, listQuery } from "./queries.ts";
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
  options: Omit<ListOptions, "limit" | "offset"> = {},
): AsyncGenerator<readonly Values[]> {
  const { text, values } = listQuery(inventory, inventory.table(model), options, "t.id");
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query(`declare listed no scroll cursor for ${text}`, values);
    for (;;) {
      const { rows } = await client.query<{ id: string }>(`fetch ${atOnce} from listed`);
      if (rows.length === 0) return;
      const ids = rows.map(({ id }) => id);
      const records = await readRecords(client, inventory, model, ids);
      yield ids.map((id) => records.get(id)).filter((values) => values !== undefined);
    }
  } finally {
    await client.query("rollback").catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
}
