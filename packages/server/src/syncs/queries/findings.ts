import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type {
  Finding as FindingSchema,
  FindingFacets as FacetsSchema,
  FindingFilters,
} from "../../rest/declarations/finding.ts";
import { allOf, contains, countOf, iso } from "./conditions.ts";
import type { Condition, Page, Paging, Reader } from "./conditions.ts";

export type FindingRow = z.infer<typeof FindingSchema>;

export type FindingFacets = z.infer<typeof FacetsSchema>;
export type FindingFilter = z.output<typeof FindingFilters>;

const facets = ["kind", "side", "model"] as const;

/** What was wrong with the data of a sync, in the order it was found. */
export async function listFindings(
  reader: Reader,
  syncId: string,
  filter: FindingFilter,
  { limit, offset }: Paging,
): Promise<Page<FindingRow>> {
  const where = matching(syncId, filter);
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

function matching(syncId: string, filter: FindingFilter): Condition {
  return allOf([
    sql`sync_id = ${syncId}`,
    ...facets.map((name) =>
      filter[name] === undefined ? undefined : sql`${sql.ref(name)} = ${filter[name]}`,
    ),
    contains([sql`label`, sql`key`, sql`message`, sql`value`, sql`origin`], filter.q),
  ]);
}

/** How many findings each value of a filter would show beside the other filters. */
export async function readFindingFacets(
  reader: Reader,
  syncId: string,
  filter: FindingFilter,
): Promise<FindingFacets> {
  const countsOf = async (name: (typeof facets)[number]) => {
    const { rows } = await sql<FindingFacets["kind"][number]>`
      select ${sql.ref(name)} as value, count(*) as count from sync_finding
       where ${matching(syncId, { ...filter, [name]: undefined })}
       group by 1 order by 2 desc, 1`.execute(reader);
    return rows;
  };
  const [kind, side, model] = await Promise.all(facets.map(countsOf));
  return { kind: kind ?? [], side: side ?? [], model: model ?? [] };
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
