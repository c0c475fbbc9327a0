// Texts in the values of changes. No index holds them: with one, of trigrams, writing a plan of devices took more than four
// times as long, and it was four times as large as that of what objects are called. So values are read, as many as that
// is soon done with.
import { sql } from "kysely";
import type { Condition } from "./conditions.ts";

/** Shorter texts are in the keys and values of nearly all objects. */
export const shortestInDifferences = 3;

/** So many changes are read for a text in their values: those of the newest syncs that have no more together. */
export const mostSearched = 150_000;

/** Whether a text is looked for in the values of changes. */
export function isForValues(text: string | undefined): text is string {
  return text !== undefined && text.trim().length >= shortestInDifferences;
}

/**
 * A pattern that finds the text in the values of an object as JSON writes it, and passes over the names of its members:
 * after a name come the end of a string and a colon.
 */
function valuePattern(text: string): string {
  const asJson = JSON.stringify(text.trim()).slice(1, -1);
  const literal = asJson.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return literal + String.raw`(?![^"\\]*": )`;
}

/** That the change `ch` has the text in a value, before or after. */
export function holdsValue(text: string): Condition {
  const pattern = valuePattern(text);
  return sql`(ch.before::text ~* ${pattern} or ch.after::text ~* ${pattern})`;
}

/** Selects the ids of the newest of these syncs `s`, as many as have few enough changes together to be read. */
export function recentSyncs(where: Condition): Condition {
  return sql`select recent.id from (
    select s.id, sum(size.changes) over (order by s.created_at desc, s.id) as until
      from sync s cross join lateral (select coalesce(sum(c.planned), 0)::bigint as changes
                                        from sync_count c where c.sync_id = s.id) size
     where size.changes between 1 and ${sql.lit(mostSearched)} and ${where}) recent
   where recent.until <= ${sql.lit(mostSearched)}`;
}

/** Selects the ids of those among the newest of these syncs `s` in which a change has the text in a value. */
export function syncsThatHold(text: string, where: Condition): Condition {
  // A look into each: joined, the changes of all syncs would be read.
  return sql`select recent.id from (${recentSyncs(where)}) recent
    cross join lateral (select from sync_change ch
                         where ch.sync_id = recent.id and ${holdsValue(text)} limit 1) found`;
}
