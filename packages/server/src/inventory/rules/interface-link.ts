import {
  copperInterfaceTypes,
  virtualInterfaceTypes,
  wirelessInterfaceTypes,
} from "@plumbline/models";
import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Queryable } from "../inventory.ts";

const isVirtual: ReadonlySet<string> = new Set(virtualInterfaceTypes);
const isWireless: ReadonlySet<string> = new Set(wirelessInterfaceTypes);
const isCopper: ReadonlySet<string> = new Set(copperInterfaceTypes);

/** What only some types of interfaces have: a port, a speed, a duplex. Templates follow the same rules. */
export async function checkLinks(
  client: Queryable,
  table: "interfaces" | "interface_templates",
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const touched = pending.filter((change) =>
    isTouched(change, "type", "port_type", "speed", "duplex"),
  );
  const { rows } = await client.query<{
    id: string;
    type: string;
    port_type: string | null;
    speed: number | null;
    duplex: string | null;
  }>(
    `select id, type, port_type, speed, duplex from ${table}
      where id = any($1::uuid[]) and (port_type is not null or speed is not null or duplex is not null)`,
    [idsOf(touched)],
  );
  return rows.flatMap(({ id, type, ...link }) => {
    if (isVirtual.has(type) || isWireless.has(type)) {
      const field = (["port_type", "speed", "duplex"] as const).find((name) => link[name] !== null);
      if (field === undefined) return [];
      const kind = isVirtual.has(type) ? "virtual" : "wireless";
      return refuse(
        id,
        field,
        link[field],
        `An interface of type ${type} is ${kind} and has no ${field.replace("_", " ")}. Leave it empty, or choose another type.`,
      );
    }
    if (link.duplex === null || isCopper.has(type)) return [];
    return refuse(
      id,
      "duplex",
      link.duplex,
      `Only twisted pair has a duplex (${copperInterfaceTypes.join(", ")}), not ${type}. Leave it empty, or choose another type.`,
    );
  });
}
