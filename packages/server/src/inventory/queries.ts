import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { type Action, InvalidInputError, NotFoundError, type Values } from "@plumbline/sync";
import { inTransaction } from "../database/transaction.ts";
import type { Inventory } from "./inventory.ts";
import { type ListOptions, readListOptions } from "./list-options.ts";
import { narrowed } from "./lists/narrowed.ts";
import type { Bounds } from "./lists/page-text.ts";
import { openPage } from "./lists/select.ts";
import { listsOf, seenList } from "./lists/table-list.ts";
import {
  itemColumns,
  type RecordItem,
  type RecordRow,
  type ReferenceItem,
  toItems,
} from "./record-items.ts";
import { recordPath } from "./record-path.ts";
import { isUuid } from "./uuid.ts";

export interface RecordPage {
  readonly items: readonly RecordItem[];
  readonly total: number;
  /** False: there are `total` or more, which are being counted. */
  readonly isTotalExact: boolean;
  readonly limit: number;
  readonly offset: number;
}

export interface RecordDetail extends RecordItem {
  /** Model name. */
  readonly model: string;
  /** The places it is in, outermost first. */
  readonly path: readonly ReferenceItem[];
  readonly version: string;
  readonly created: Date;
  readonly lastUpdated: Date;
}

/** What happened to an object, and on whose behalf. */
export interface ObjectChange {
  readonly id: string;
  readonly time: Date;
  readonly user: string | null;
  readonly jobResultId: string | null;
  readonly syncId: string | null;
  readonly action: Action;
  readonly label: string;
  readonly before: Values | null;
  readonly after: Values | null;
  /** The system whose values the sync wrote; null for what no sync wrote. */
  readonly sourceName: string | null;
}

type Source = { readonly pool: pg.Pool };

const mostAtOnce = 1000;

/** Until when a page that need not know how many there are waits for the count, since it was asked for. */
const answerWithinMs = 120;
/** And how long at least: most counts are there by then. */
const leastWaitMs = 20;

/**
 * A page of a model's records. With `needsTotal: false` it comes without what takes long to count, where it is none
 * far from the start, which is found by counting.
 * @throws NotFoundError, InvalidInputError
 */
export async function listRecords(
  { pool }: Source,
  inventory: Inventory,
  model: string,
  options: ListOptions & Partial<Bounds> & { readonly needsTotal?: boolean } = {},
): Promise<RecordPage> {
  const { limit = 50, offset = 0 } = options;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > mostAtOnce) {
    throw new InvalidInputError(`limit must be 1 to ${mostAtOnce}, got ${limit}.`);
  }
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new InvalidInputError(`offset must be 0 or more, got ${offset}.`);
  }
  const table = inventory.table(model);
  const lists = listsOf(inventory);
  const query = await readListOptions(pool, inventory, table, options);
  const bounds = { limit, offset };
  const page = openPage(pool, lists, seenList(lists, table), query, bounds, {
    columns: itemColumns(table),
    isJson: false,
  });
  const began = performance.now();
  const items = await toItems(pool, inventory, table, await page.rows());
  const counted = page.count();
  // Who does not wait for it has no use for why it failed; who waits is told.
  counted.catch(() => undefined);
  const waitMs = Math.max(leastWaitMs, answerWithinMs - (performance.now() - began));
  const total = await (options.needsTotal === false && items.length === limit
    ? Promise.race([counted, sleep(waitMs, null, { ref: false })])
    : counted);
  return {
    ...{ items, limit, offset },
    total: total ?? offset + items.length,
    isTotalExact: total !== null,
  };
}

/** A record with its times. @throws NotFoundError */
export async function getRecord(
  source: Source,
  inventory: Inventory,
  model: string,
  id: string,
): Promise<RecordDetail> {
  const table = inventory.table(model);
  const missing = () => new NotFoundError(`The hub has no ${table.model.label} with the id ${id}.`);
  if (!isUuid(id)) throw missing();
  return inTransaction(
    source,
    async ({ client }) => {
      const { rows } = await client.query<
        RecordRow & { row_version: string; row_created: Date; row_updated: Date }
      >(
        `select ${itemColumns(table)}, t.version::text as row_version, t.created as row_created,
                t.last_updated as row_updated
           from ${narrowed(table.name, table.visible)} t where t.id = $1`,
        [id],
      );
      const [row] = rows;
      const [item] = await toItems(client, inventory, table, rows);
      if (!row || !item) throw missing();
      return {
        ...item,
        model: table.model.name,
        path: await recordPath(client, inventory, model, id),
        version: row.row_version,
        created: row.row_created,
        lastUpdated: row.row_updated,
      };
    },
    { isolation: "repeatable read", readOnly: true },
  );
}

/** What happened to an object, newest first; of a deleted one too. */
export async function objectChanges(
  { pool }: Source,
  model: string,
  id: string,
  limit = 100,
): Promise<ObjectChange[]> {
  if (!isUuid(id)) return [];
  const { rows } = await pool.query<ObjectChange>(
    `select c.id::text as id, c.time, c.user_name as "user", c.job_result_id as "jobResultId", s.id as "syncId",
            c.action, c.label, c.before, c.after, c.source_name as "sourceName"
       from object_change c left join sync s on s.id = c.sync_id
      where c.object_id = $1 and c.model = $2 order by c.id desc limit $3`,
    [id, model, limit],
  );
  return rows;
}
