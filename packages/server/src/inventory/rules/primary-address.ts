import { type Canonical, keyLabel } from "@plumbline/sync";
import { recordObjectChanges } from "../audit.ts";
import { keysById } from "../key-strings.ts";
import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { RuleContext } from "./hub-rules.ts";

/** The primary addresses of devices `d`, each with its field and version. */
const primaries = `(values ('primary_ip4', d.primary_ip4_id, 4), ('primary_ip6', d.primary_ip6_id, 6))`;

/** Whether an interface of device `d` has the address `a`, or the one it translates to; without the assignments $2. */
const isOnDevice = `exists (
  select from ip_address_assignments g join interfaces i on i.id = g.interface_id
   where g.ip_address_id in (a.id, a.nat_inside_id) and i.device_id = d.id and g.id <> all($2::uuid[]))`;

/** A primary address is one that an interface of the device has, and of the version its field is for. */
export async function checkPrimaries(
  { client }: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const touched = pending.filter((change) => isTouched(change, "primary_ip4", "primary_ip6"));
  const { rows } = await client.query<{
    id: string;
    field: string;
    host: string;
    version: number;
    fits: boolean;
  }>(
    `select d.id, p.field, a.host, p.version, a.ip_version = p.version as fits
       from devices d
      cross join lateral ${primaries} p (field, address_id, version)
       join ip_addresses a on a.id = p.address_id
      where d.id = any($1::uuid[]) and not (a.ip_version = p.version and ${isOnDevice})`,
    [idsOf(touched), []],
  );
  return rows.map(({ id, field, host, version, fits }) =>
    refuse(
      id,
      field,
      host,
      fits
        ? `No interface of the device has the address ${host}. Assign it to one first, or choose another address.`
        : `${host} is no IPv${version} address. Choose one that is, or leave it empty.`,
    ),
  );
}

/**
 * Empties primary addresses that no interface of their device has any more; `without` are assignments about to
 * go. It follows from what was changed: the devices keep their version, and a plan that was made before applies.
 */
export async function clearLostPrimaries(
  context: RuleContext,
  devices: readonly string[],
  without: readonly string[] = [],
): Promise<void> {
  const { client, inventory, author } = context;
  const { rows } = await client.query<{ id: string; field: string; address: string }>(
    `select d.id, p.field, a.id as address
       from devices d
      cross join lateral ${primaries} p (field, address_id, version)
       join ip_addresses a on a.id = p.address_id
      where d.id = any($1::uuid[]) and not ${isOnDevice}
        for update of d`,
    [devices, without],
  );
  if (rows.length === 0) return;
  for (const field of new Set(rows.map((row) => row.field))) {
    await client.query(
      `update devices set ${field}_id = null, last_updated = now() where id = any($1::uuid[])`,
      [idsOf(rows.filter((row) => row.field === field))],
    );
  }
  const keys = await keysById(client, inventory, "device", new Set(idsOf(rows)));
  const addresses = await keysById(
    client,
    inventory,
    "ip_address",
    new Set(rows.map(({ address }) => address)),
  );
  const before = new Map<string, Record<string, Canonical>>();
  for (const { id, field, address } of rows) {
    before.set(id, { ...before.get(id), [field]: addresses.get(address) ?? null });
  }
  await recordObjectChanges(
    client,
    author,
    [...before].map(([id, values]) => ({
      id,
      change: {
        model: "device",
        action: "update",
        label: keyLabel(inventory.schema, "device", keys.get(id) ?? ""),
        before: values,
        after: Object.fromEntries(Object.keys(values).map((field) => [field, null])),
      },
    })),
  );
}
