import { isUuid } from "./uuid.ts";
import type { Queryable } from "./inventory.ts";

/** Who or what gave a field the value it has. */
export interface FieldAuthor {
  readonly time: Date;
  readonly user: string | null;
  /** The sync that wrote it, while there is a record of it. */
  readonly syncId: string | null;
  /** The system whose values the sync wrote; null for a person's own write. */
  readonly sourceName: string | null;
}

interface Write extends FieldAuthor {
  readonly fields: readonly string[];
  /** The sync that wrote it, whether or not there is still a record of it. */
  readonly writtenBy: string | null;
  /** The sync that the write took back; null for any other. */
  readonly undoOf: string | null;
}

/**
 * By field name, for the fields whose last write is recorded. What a sync took back is whose it was before: the
 * writes of the undone sync do not count then, nor does the taking back.
 */
export async function fieldAuthors(
  { pool }: { readonly pool: Queryable },
  model: string,
  id: string,
): Promise<Record<string, FieldAuthor>> {
  if (!isUuid(id)) return {};
  const { rows } = await pool.query<Write>(
    `select c.time, c.user_name as "user", s.id as "syncId", c.source_name as "sourceName",
            c.sync_id as "writtenBy", c.undo_of as "undoOf", array(select jsonb_object_keys(c.after)) as fields
       from object_change c left join sync s on s.id = c.sync_id
      where c.object_id = $1 and c.model = $2
      order by c.id desc`,
    [id, model],
  );
  const authors: Record<string, FieldAuthor> = {};
  for (const field of new Set(rows.flatMap(({ fields }) => fields))) {
    const write = lastOf(rows, field);
    if (write === null) continue;
    const { time, user, syncId, sourceName } = write;
    authors[field] = { time, user, syncId, sourceName };
  }
  return authors;
}

/** The write that a field has its value from, of an object's writes, newest first. */
function lastOf(writes: readonly Write[], field: string): Write | null {
  for (let place = 0; place < writes.length; place += 1) {
    const write = writes[place];
    if (write?.fields.includes(field) !== true) continue;
    if (write.undoOf === null) return write;
    // Before the first write of what was taken back, whatever came between.
    const undone = writes.findLastIndex(({ writtenBy }) => writtenBy === write.undoOf);
    if (undone < 0) return null;
    place = undone;
  }
  return null;
}
