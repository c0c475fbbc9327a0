// The differences of syncs as DiffSync tells them: by type and key, "+" what the source has, "-" what the target has.
import type { RelatedContext, StoredObject } from "./resource.ts";

/** A diff of more changes is not given: what holds it would have to hold all of it at once. */
export const mostInDiff = 1000;
/** So many changes are in the diffs of one answer together. */
export const mostInAnswer = 20_000;
/** And so many bytes of values, alone and together. */
const mostBytes = 8 * 1024 * 1024;

/** The rows of a sync's changes, three for an object at most; the limit makes each a look into an index. */
const rowsOf = (sync: string) =>
  `select * from sync_change where sync_id = ${sync} order by position limit ${3 * mostInDiff}`;

interface Row {
  readonly sync_id: string;
  readonly model: string;
  readonly key: string;
  readonly before: Side | null;
  readonly after: Side | null;
}

type Side = Readonly<Record<string, unknown>>;

interface Difference {
  readonly "+"?: Side;
  readonly "-"?: Side;
}

type Diff = Record<string, Record<string, Difference>>;

/**
 * Syncs with `diff`: whole, or null where it is too large, alone or beside those of the syncs before it. One statement,
 * whatever the number of syncs.
 */
export async function withDiffs(
  { client }: Pick<RelatedContext, "client">,
  syncs: readonly StoredObject[],
): Promise<StoredObject[]> {
  const { rows } = await client.query<Row | { readonly sync_id: string; readonly model: null }>(
    `with few as (
       select w.id, w.place, sum(c.planned) over (order by w.place) as changes
         from unnest($1::uuid[]) with ordinality w (id, place)
        cross join lateral (
          select coalesce(sum(planned), 0) as planned from sync_count where sync_id = w.id) c
        where c.planned <= ${mostInDiff}),
     sized as (
       select few.id, few.place, size.bytes from few
        cross join lateral (
          select coalesce(sum(octet_length(before::text)), 0) + coalesce(sum(octet_length(after::text)), 0) as bytes
            from (${rowsOf("few.id")}) c) size
        where few.changes <= ${mostInAnswer}),
     fitting as (
       select id, sum(bytes) over (order by place) as bytes from sized where bytes <= ${mostBytes})
     select f.id as sync_id, c.model, c.key, c.before, c.after
       from fitting f
       left join lateral (${rowsOf("f.id")}) c on true
      where f.bytes <= ${mostBytes}
      order by f.id, c.step <> 1, c.position`,
    [syncs.map(({ id }) => id)],
  );
  const bySync = Map.groupBy(rows, ({ sync_id }) => sync_id);
  return syncs.map((sync) => {
    const known = bySync.get(sync.id);
    const diff = known === undefined ? null : toDiff(known.filter((row) => row.model !== null));
    return { ...sync, values: { ...sync.values, diff } };
  });
}

/** The objects' own changes come first. */
function toDiff(rows: readonly Row[]): Diff {
  const diff: Diff = {};
  for (const { model, key, before, after } of rows) {
    const objects = (diff[model] ??= {});
    const own = objects[key];
    const sides = { ...(after && { "+": after }), ...(before && { "-": before }) };
    // An object may have a row more, for what waits for others: of one to create it tells what it will have.
    objects[key] = own === undefined ? sides : withMore(own, sides);
  }
  return diff;
}

function withMore(own: Difference, { "+": after, "-": before }: Difference): Difference {
  return {
    ...(own["+"] && { "+": { ...own["+"], ...after } }),
    ...(own["-"] && { "-": { ...own["-"], ...before } }),
  };
}
