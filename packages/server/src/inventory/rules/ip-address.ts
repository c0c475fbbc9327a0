import { keyLabel } from "@plumbline/sync";
import { keyParts } from "../key-parts.ts";
import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { findCoveringPrefixes, rehangAddresses } from "./covering-prefix.ts";
import type { HubRules, RuleContext } from "./hub-rules.ts";

export const ipAddressRules: HubRules = {
  fixedFields: { host: "Delete the address and create the other one" },

  async beforeCreate(context, pending) {
    const found = await findCoveringPrefixes(
      context.client,
      pending.map(({ row }) => ({ namespaceId: row["namespace_id"], host: row["host"] })),
    );
    return pending.flatMap((change, index) => {
      const parent = found[index];
      change.row["parent_id"] = parent;
      change.row["ip_version"] = String(change.row["host"]).includes(":") ? 6 : 4;
      return parent === undefined ? [notContained(context, change)] : [];
    });
  },

  async afterWrite(context, pending) {
    const moved = pending.filter(({ change }) => change.fields.includes("namespace"));
    const outside = new Set(await rehangAddresses(context.client, idsOf(moved)));
    return [
      ...moved.filter(({ id }) => outside.has(id)).map((change) => notContained(context, change)),
      ...(await checkVersion(context, pending)),
    ];
  },
};

/** What IPv4 does not have: SLAAC, and masks longer than 32. */
async function checkVersion(
  { client }: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const touched = pending.filter((change) => isTouched(change, "type", "mask_length"));
  if (touched.length === 0) return [];
  const { rows } = await client.query<{ id: string; host: string; mask_length: number }>(
    `select id, host, mask_length from ip_addresses
      where id = any($1::uuid[]) and ip_version = 4 and (type = 'slaac' or mask_length > 32)`,
    [idsOf(touched)],
  );
  return rows.map(({ id, host, mask_length: length }) =>
    length > 32
      ? refuse(id, "mask_length", length, `${host} is IPv4: its mask length is at most 32.`)
      : refuse(id, "type", "slaac", `${host} is IPv4, and SLAAC is for IPv6. Choose another type.`),
  );
}

function notContained({ inventory }: RuleContext, { id, change }: PendingChange): Refusal {
  const [namespace, host] = keyParts(change.key);
  const moved = change.after?.["namespace"];
  const key = String(typeof moved === "string" ? moved : namespace);
  const space = keyLabel(inventory.schema, "namespace", key);
  return refuse(
    id,
    "host",
    String(host),
    `No prefix of namespace ${space} contains ${String(host)}. Create one first, or correct the address.`,
  );
}
