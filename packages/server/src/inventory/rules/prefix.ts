import { idsOf, isUpdateOf, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { gatherUnder, rehangAddresses, rehangPrefixes } from "./covering-prefix.ts";
import type { Brought, HubRules, RuleContext } from "./hub-rules.ts";
import { type Follower, moveAlong } from "./move-along.ts";
import { checkPlaces } from "./places.ts";
import { type LeftBehind, refuseEach, withoutPlanned } from "./planned.ts";

export const prefixRules: HubRules = {
  beforeCreate(_context, pending) {
    for (const { row } of pending) {
      row["ip_version"] = String(row["prefix"]).includes(":") ? 6 : 4;
    }
    return [];
  },

  async afterWrite(context, pending) {
    const created = pending.filter(({ change }) => change.action === "create");
    const moved = pending.filter(
      ({ change }) => change.fields.includes("prefix") || change.fields.includes("namespace"),
    );
    const twice = moved.filter(
      ({ change }) => change.fields.includes("prefix") && change.fields.includes("namespace"),
    );
    if (twice.length > 0) {
      return twice.map(({ id, change }) =>
        refuse(
          id,
          "namespace",
          change.label,
          `Network and namespace of ${change.label} cannot change at once. Change one, then the other.`,
        ),
      );
    }
    await rehangPrefixes(context.client, idsOf(created));
    await gatherUnder(context.client, idsOf(created));
    return [
      ...(moved.length > 0 ? await moveAll(context, moved) : []),
      ...(await checkVrfs(context, pending)),
      ...(await checkPlaces(context, "prefix", "locations", pending)),
    ];
  },

  async beforeDelete({ client }, pending) {
    const ids = idsOf(pending);
    // Those above them that stay; what hung under a deleted prefix goes there.
    const heirs = `with recursive above (id, heir) as (
        select id, parent_id from prefixes where id = any($1::uuid[])
        union all
        select a.id, p.parent_id from above a join prefixes p on p.id = a.heir
         where p.id = any($1::uuid[])
      ), heirs as (
        select id, heir from above where heir is null or not heir = any($1::uuid[])
      )`;
    const { rows } = await client.query<{ id: string; uses: number; example: string }>(
      `${heirs} select h.id, count(*)::integer as uses, host(min(a.host)) as example
         from heirs h join ip_addresses a on a.parent_id = h.id where h.heir is null group by 1`,
      [ids],
    );
    if (rows.length > 0) {
      const labels = new Map(pending.map(({ id, change }) => [id, change.label]));
      return rows.map(({ id, uses, example }) => ({
        id,
        code: "conflict",
        message: `Prefix ${labels.get(id) ?? id} still contains ${countAddresses(uses)} (${example}), and there is no prefix above it. Delete the addresses first, or create a larger prefix.`,
        field: null,
        value: null,
      }));
    }
    await client.query(
      `${heirs} update ip_addresses a set parent_id = h.heir from heirs h where a.parent_id = h.id`,
      [ids],
    );
    await client.query(
      `${heirs} update prefixes p set parent_id = h.heir from heirs h
         where p.parent_id = h.id and not p.id = any($1::uuid[])`,
      [ids],
    );
    return [];
  },

  brings: subnetsAndAddresses,
};

const changesNamespace = isUpdateOf("namespace");

/**
 * What a prefix holds goes to the namespace that it goes to: the prefixes below it, and then the addresses, which find
 * their places there.
 */
async function* subnetsAndAddresses(
  context: RuleContext,
  pending: readonly PendingChange[],
): AsyncGenerator<Brought> {
  const moved = pending.filter(changesNamespace);
  if (moved.length === 0) return;
  const subnets = await context.client.query<Follower>(
    `with recursive below (id, leader, to_id) as (
       select id, id, namespace_id from prefixes where id = any($1::uuid[])
       union all
       select q.id, b.leader, b.to_id from below b join prefixes q on q.parent_id = b.id
        where q.namespace_id <> b.to_id
     )
     select q.id, b.leader, q.namespace_id as from_id, b.to_id
       from below b join prefixes q on q.id = b.id
      where q.namespace_id <> b.to_id order by q.prefix for update of q`,
    [idsOf(moved)],
  );
  if (subnets.rows.length > 0) {
    yield await moveAlong(context, { model: "prefix", field: "namespace" }, subnets.rows, moved);
  }
  const addresses = await context.client.query<Follower>(
    `select a.id, p.id as leader, a.namespace_id as from_id, p.namespace_id as to_id
       from ip_addresses a join prefixes p on p.id = a.parent_id
      where p.id = any($1::uuid[]) and a.namespace_id <> p.namespace_id
      order by a.host for update of a`,
    [idsOf(moved)],
  );
  if (addresses.rows.length > 0) {
    yield await moveAlong(
      context,
      { model: "ip_address", field: "namespace" },
      addresses.rows,
      moved,
    );
  }
}

/** A prefix that a VRF has stays in the VRF's namespace. */
async function checkVrfs(
  context: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const moved = pending.filter(changesNamespace);
  if (moved.length === 0) return [];
  const { rows } = await context.client.query<LeftBehind & { namespace: string }>(
    `select p.id, v.id as other, v.name, n.name as namespace
       from prefixes p
       join vrfs_prefixes m on m.prefix_id = p.id
       join vrfs v on v.id = m.vrf_id
       join namespaces n on n.id = v.namespace_id
      where p.id = any($1::uuid[]) and v.namespace_id <> p.namespace_id`,
    [idsOf(moved)],
  );
  const left = await withoutPlanned(context, rows, ({ other }) => ({
    [other]: ["namespace", "prefixes"],
  }));
  const labels = new Map(moved.map(({ id, change }) => [id, change.label]));
  return refuseEach(left, (vrfs, { id, namespace }) =>
    refuse(
      id,
      "namespace",
      namespace,
      `${labels.get(id) ?? "It"} cannot leave the namespace ${namespace}: it is in VRFs of it, ${vrfs}. Take it out of those first.`,
    ),
  );
}

/**
 * After networks or namespaces of prefixes changed: everything they held or hold finds its place anew, save what is about
 * to follow them into another namespace.
 */
async function moveAll(context: RuleContext, moved: readonly PendingChange[]): Promise<Refusal[]> {
  const { client, author } = context;
  const ids = idsOf(moved);
  const leavers = author.syncId === null ? moved.filter((each) => !changesNamespace(each)) : moved;
  const left = idsOf(leavers);
  await client.query(
    `update prefixes set ip_version = family(prefix) where id = any($1::uuid[]) and ip_version <> family(prefix)`,
    [ids],
  );
  const children = await client.query<{ id: string }>(
    "select id from prefixes where parent_id = any($1::uuid[])",
    [left],
  );
  const addresses = await client.query<{ id: string; host: string; parent_id: string }>(
    "select id, host(host) as host, parent_id from ip_addresses where parent_id = any($1::uuid[])",
    [left],
  );
  await rehangPrefixes(client, [...ids, ...children.rows.map(({ id }) => id)]);
  await gatherUnder(client, ids);
  const outside = new Set(await rehangAddresses(client, idsOf(addresses.rows)));
  const homeless = await withoutPlanned(
    context,
    addresses.rows
      .filter(({ id }) => outside.has(id))
      .map(({ id, host, parent_id: prefix }) => ({ id: prefix, other: id, name: host })),
    ({ other }) => ({ [other]: ["namespace"] }),
  );
  return moved.flatMap(({ id, change }) => {
    const own = homeless.filter((address) => address.id === id);
    const [example] = own;
    if (!example) return [];
    return refuse(
      id,
      change.fields.includes("prefix") ? "prefix" : "namespace",
      change.label,
      `No prefix of the namespace would contain ${countAddresses(own.length)} (${example.name}) that ${change.label} holds. Delete or move those first.`,
    );
  });
}

function countAddresses(count: number): string {
  return count === 1 ? "1 address" : `${count} addresses`;
}
