import { idsOf, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { gatherUnder, rehangAddresses, rehangPrefixes } from "./covering-prefix.ts";
import type { HubRules, RuleContext } from "./hub-rules.ts";
import { checkPlaces } from "./places.ts";

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
};

/** After networks or namespaces of prefixes changed: everything they held or hold finds its place anew. */
async function moveAll(
  { client }: RuleContext,
  moved: readonly PendingChange[],
): Promise<Refusal[]> {
  const ids = idsOf(moved);
  await client.query(
    `update prefixes set ip_version = family(prefix) where id = any($1::uuid[]) and ip_version <> family(prefix)`,
    [ids],
  );
  const children = await client.query<{ id: string }>(
    "select id from prefixes where parent_id = any($1::uuid[])",
    [ids],
  );
  const addresses = await client.query<{ id: string; host: string; parent_id: string }>(
    "select id, host(host) as host, parent_id from ip_addresses where parent_id = any($1::uuid[])",
    [ids],
  );
  await rehangPrefixes(client, [...ids, ...children.rows.map(({ id }) => id)]);
  await gatherUnder(client, ids);
  const outside = new Set(
    await rehangAddresses(
      client,
      addresses.rows.map(({ id }) => id),
    ),
  );
  return moved.flatMap(({ id, change }) => {
    const left = addresses.rows.filter((row) => row.parent_id === id && outside.has(row.id));
    const [example] = left;
    if (!example) return [];
    return refuse(
      id,
      change.fields.includes("prefix") ? "prefix" : "namespace",
      change.label,
      `No prefix of the namespace would contain ${countAddresses(left.length)} (${example.host}) that ${change.label} holds. Delete or move those first.`,
    );
  });
}

function countAddresses(count: number): string {
  return count === 1 ? "1 address" : `${count} addresses`;
}
