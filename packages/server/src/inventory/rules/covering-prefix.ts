import type { Queryable } from "../inventory.ts";

/**
 * Of each prefix row `p`, the last address it holds. In PostgreSQL's order of networks, everything a
 * prefix contains stands after it and up to this address: a range of the index on (namespace_id, prefix).
 */
const lastAddress =
  "set_masklen(broadcast(p.prefix), case family(p.prefix) when 4 then 32 else 128 end)";

/**
 * For rows of prefixes `q`: they lie within `p`, and are not `p`. Compared as pairs, so that the index on
 * both serves, whatever the planner knows of a table just filled.
 */
const insidePrefix = `(q.namespace_id, q.prefix) > (p.namespace_id, p.prefix)
  and (q.namespace_id, q.prefix) <= (p.namespace_id, ${lastAddress})`;

/** For rows of addresses `a`: they lie within `p`. */
const insideAddress = `(a.namespace_id, a.host) >= (p.namespace_id, p.prefix)
  and (a.namespace_id, a.host) <= (p.namespace_id, ${lastAddress})`;

/**
 * Looks for the longest prefix of a namespace that contains an address.
 * It is the last prefix at or before the address in the order of networks, or one of those above that
 * one: between a prefix and an address in it nothing stands that is not in it as well.
 * Compared as pairs here too: the index on prefixes alone would step over those of all other namespaces.
 * Needs the parents of prefixes to be right. Input: rows `r (i, namespace_id, host)`.
 */
const walkUp = `walk as (
    select r.i, r.host, p.id, p.prefix, p.parent_id
      from r cross join lateral (
        select id, namespace_id, prefix, parent_id from prefixes
         where (namespace_id, prefix) <= (r.namespace_id, r.host)
         order by namespace_id desc, prefix desc limit 1) p
     where p.namespace_id = r.namespace_id
    union all
    select w.i, w.host, p.id, p.prefix, p.parent_id
      from walk w join prefixes p on p.id = w.parent_id
     where not w.prefix >>= w.host
  )`;

/** For each address (in order), the id of the prefix it belongs under; undefined where there is none. */
export async function findCoveringPrefixes(
  client: Queryable,
  addresses: readonly { readonly namespaceId: unknown; readonly host: unknown }[],
): Promise<(string | undefined)[]> {
  const { rows } = await client.query<{ i: number; id: string }>(
    `with recursive r as (
       select i::integer, namespace_id, host
         from unnest($1::uuid[], $2::inet[]) with ordinality as u(namespace_id, host, i)
     ), ${walkUp}
     select i, id from walk where prefix >>= host`,
    [addresses.map(({ namespaceId }) => namespaceId), addresses.map(({ host }) => host)],
  );
  const found: (string | undefined)[] = new Array<undefined>(addresses.length);
  for (const { i, id } of rows) found[i - 1] = id;
  return found;
}

/** Puts addresses under the prefix they belong to now. Returns those that no prefix contains. */
export async function rehangAddresses(
  client: Queryable,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query<{ id: string; namespace_id: string; host: string }>(
    "select id, namespace_id, host from ip_addresses where id = any($1::uuid[])",
    [ids],
  );
  const found = await findCoveringPrefixes(
    client,
    rows.map((row) => ({ namespaceId: row.namespace_id, host: row.host })),
  );
  await client.query(
    `update ip_addresses a set parent_id = u.parent_id
       from unnest($1::uuid[], $2::uuid[]) as u(id, parent_id)
      where a.id = u.id and u.parent_id is not null and a.parent_id <> u.parent_id`,
    [rows.map(({ id }) => id), rows.map((_, index) => found[index] ?? null)],
  );
  return rows.flatMap(({ id }, index) => (found[index] === undefined ? [id] : []));
}

/**
 * Puts prefixes under the longest other prefix that contains them, looked for length by length. The limit
 * of the inner query keeps each look at the index apart; joined, the planner reads the whole table for each.
 */
export async function rehangPrefixes(client: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.query(
    `update prefixes q set parent_id = n.parent_id
       from (
         select p.id, (
           select above.id
             from generate_series(0, masklen(p.prefix) - 1) as length
            cross join lateral (
              select id from prefixes
               where namespace_id = p.namespace_id and prefix = set_masklen(p.prefix, length)
               limit 1) above
            order by length desc limit 1) as parent_id
           from prefixes p where p.id = any($1::uuid[])
       ) n
      where q.id = n.id and q.parent_id is distinct from n.parent_id`,
    [ids],
  );
}

/** Puts under these prefixes what they contain and a shorter prefix held until now. */
export async function gatherUnder(client: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.query(
    `update prefixes q set parent_id = n.parent_id
       from (
         select distinct on (q.id) q.id, p.id as parent_id
           from prefixes p
           join prefixes q on ${insidePrefix}
           left join prefixes old on old.id = q.parent_id
          where p.id = any($1::uuid[]) and (old.id is null or masklen(old.prefix) < masklen(p.prefix))
          order by q.id, masklen(p.prefix) desc
       ) n
      where q.id = n.id`,
    [ids],
  );
  await client.query(
    `update ip_addresses a set parent_id = n.parent_id
       from (
         select distinct on (a.id) a.id, p.id as parent_id
           from prefixes p
           join ip_addresses a on ${insideAddress}
           join prefixes old on old.id = a.parent_id
          where p.id = any($1::uuid[]) and (masklen(old.prefix) < masklen(p.prefix) or not old.prefix >>= a.host)
          order by a.id, masklen(p.prefix) desc
       ) n
      where a.id = n.id`,
    [ids],
  );
}
