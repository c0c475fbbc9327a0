import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { Finding as FindingSchema } from "../../rest/declarations/sync.ts";
import { allOf, contains, countOf, iso } from "./conditions.ts";
import type { Page, Paging, Reader } from "./conditions.ts";

export type FindingRow = z.infer<typeof FindingSchema>;

export interface FindingFilter {
  readonly model?: string | undefined;
  readonly q?: string | undefined;
}

/** What was wrong with the data of a sync, in the order it was found. */
export async function listFindings(
  reader: Reader,
  syncId: string,
  filter: FindingFilter,
  { limit, offset }: Paging,
): Promise<Page<FindingRow>> {
  const where = allOf([
    sql`sync_id = ${syncId}`,
    filter.model === undefined ? undefined : sql`model = ${filter.model}`,
    contains([sql`label`, sql`key`, sql`message`, sql`value`, sql`origin`], filter.q),
  ]);
  const { rows } = await sql<Omit<FindingRow, "id" | "at"> & { id: number; created_at: Date }>`
    select id, created_at, kind, side, model, key, label, field, value, message, origin
      from sync_finding where ${where} order by id limit ${limit} offset ${offset}`.execute(reader);
  return {
    items: rows.map(({ id, created_at, ...finding }) => ({
      id: String(id),
      at: iso(created_at),
      ...finding,
    })),
    total: await countOf(reader, sql`from sync_finding where ${where}`),
  };
}

/** Batches of every finding that matches, for exports. */
export async function* eachFinding(
  reader: Reader,
  syncId: string,
  filter: FindingFilter,
): AsyncGenerator<FindingRow[]> {
  const limit = 1000;
  for (let offset = 0; ; offset += limit) {
    const { items } = await listFindings(reader, syncId, filter, { limit, offset });
    yield items;
    if (items.length < limit) return;
  }
}
