import { sql } from "kysely";
import type { Reader } from "./conditions.ts";

/** Which fields the planned updates of a model change, and in how many objects; the most frequent first. */
export async function listChangedFields(
  reader: Reader,
  syncId: string,
  model: string,
): Promise<{ field: string; count: number }[]> {
  const { rows } = await sql<{ field: string; count: number }>`
    select field, count(*)::bigint as count
      from sync_change ch cross join unnest(ch.fields) as field
     where ch.sync_id = ${syncId} and ch.model = ${model} and ch.action = 'update'
     group by field order by count desc, field`.execute(reader);
  return rows;
}
