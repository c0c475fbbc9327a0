import { isUuid } from "./uuid.ts";
import type { Queryable } from "./inventory.ts";

/** Who or what gave a field the value it has. */
export interface FieldAuthor {
  readonly time: Date;
  readonly user: string | null;
  readonly syncId: string | null;
  /** The system whose values the sync wrote; null for a person's own write. */
  readonly sourceName: string | null;
}

/** By field name, for the fields whose last write is recorded. */
export async function fieldAuthors(
  { pool }: { readonly pool: Queryable },
  model: string,
  id: string,
): Promise<Record<string, FieldAuthor>> {
  if (!isUuid(id)) return {};
  const { rows } = await pool.query<FieldAuthor & { field: string }>(
    `select distinct on (field) field, c.time, c.user_name as "user", c.sync_id as "syncId",
            s.source_name as "sourceName"
       from object_change c
            cross join lateral jsonb_object_keys(c.after) as field
            left join sync s on s.id = c.sync_id
      where c.object_id = $1 and c.model = $2
      order by field, c.id desc`,
    [id, model],
  );
  return Object.fromEntries(rows.map(({ field, ...author }) => [field, author]));
}
