import type { HubModel } from "@plumbline/models";
import type { HttpClient } from "@plumbline/plugin-kit";
import { listObjects, type RemoteList } from "./nautobot-api.ts";
import type { BulkSender, Sent } from "./send-in-bulk.ts";

/** Sets that Nautobot keeps as objects of their own, each saying that an owner has a member. */
const assignments: Readonly<
  Record<string, { readonly path: string; readonly owner: string; readonly member: string }>
> = {
  "prefix.locations": {
    path: "ipam/prefix-location-assignments",
    owner: "prefix",
    member: "location",
  },
  "vlan.locations": { path: "ipam/vlan-location-assignments", owner: "vlan", member: "location" },
  "vrf.devices": { path: "ipam/vrf-device-assignments", owner: "vrf", member: "device" },
  "vrf.prefixes": { path: "ipam/vrf-prefix-assignments", owner: "vrf", member: "prefix" },
};

/** Members that an object is to get and to lose, by their ids. */
export interface SetChange {
  readonly field: string;
  readonly ownerId: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export type SetFault = { readonly field: string; readonly sent: Exclude<Sent, { kind: "done" }> };

/** Whether a field is a set that Nautobot keeps apart from its object. */
export function isAssigned({ model }: HubModel, field: string): boolean {
  return `${model.name}.${field}` in assignments;
}

interface Assignment {
  readonly change: SetChange;
  readonly memberId: string;
}

/** Gives and takes members, and says by change what was refused first. */
export async function changeSets(
  client: HttpClient,
  sender: BulkSender,
  name: string,
  { model }: HubModel,
  changes: readonly SetChange[],
): Promise<ReadonlyMap<SetChange, SetFault>> {
  const faults = new Map<SetChange, SetFault>();
  for (const [field, group] of Map.groupBy(changes, (change) => change.field)) {
    const table = assignments[`${model.name}.${field}`];
    if (table === undefined) throw new Error(`${model.name}.${field} has no assignments.`);
    const { path, owner, member } = table;
    const list: RemoteList = {
      path,
      root: "",
      things: `${field} of ${model.pluralLabel}`,
      permission: `ipam.view_${path.slice("ipam/".length, -1).replaceAll("-", "")}`,
    };
    const find = async (owners: readonly string[]): Promise<ReadonlyMap<string, string>> => {
      const found = new Map<string, string>();
      for (let start = 0; start < owners.length; start += 50) {
        const filters = new URLSearchParams(
          owners.slice(start, start + 50).map((id): [string, string] => [owner, id]),
        );
        for (const one of await listObjects(client, name, list, filters)) {
          found.set(`${idIn(one[owner])} ${idIn(one[member])}`, one.id);
        }
      }
      return found;
    };
    const place = ({ change, memberId }: Assignment): string => `${change.ownerId} ${memberId}`;
    const note = (sent: ReadonlyMap<Assignment, Sent>): void => {
      for (const [{ change }, one] of sent) {
        if (one.kind !== "done" && !faults.has(change)) faults.set(change, { field, sent: one });
      }
    };
    const ownersOf = (all: readonly Assignment[]): string[] => [
      ...new Set(all.map(({ change }) => change.ownerId)),
    ];

    const added = pairs(group, ({ added: members }) => members);
    if (added.length > 0) {
      const findWritten = async (rows: readonly Assignment[]): Promise<Set<Assignment>> => {
        const there = await find(ownersOf(rows));
        return new Set(rows.filter((row) => there.has(place(row))));
      };
      const sent = await sender.send(
        {
          method: "POST",
          path,
          body: ({ change, memberId }) => ({ [owner]: change.ownerId, [member]: memberId }),
          findWritten,
        },
        added,
      );
      // Somebody else may have assigned it meanwhile.
      const refused = added.filter((row) => sent.get(row)?.kind === "refused");
      const there = refused.length > 0 ? await findWritten(refused) : new Set<Assignment>();
      note(new Map([...sent].filter(([row]) => !there.has(row))));
    }

    const removed = pairs(group, ({ removed: members }) => members);
    if (removed.length > 0) {
      const there = await find(ownersOf(removed));
      const rows = removed.filter((row) => there.has(place(row)));
      note(
        await sender.send(
          {
            method: "DELETE",
            path,
            body: (row) => ({ id: there.get(place(row)) }),
            async findWritten(sentRows) {
              const left = await find(ownersOf(sentRows));
              return new Set(sentRows.filter((row) => !left.has(place(row))));
            },
          },
          rows,
        ),
      );
    }
  }
  return faults;
}

function pairs(
  changes: readonly SetChange[],
  membersOf: (change: SetChange) => readonly string[],
): Assignment[] {
  return changes.flatMap((change) => membersOf(change).map((memberId) => ({ change, memberId })));
}

function idIn(value: unknown): string {
  return String((value as { id?: unknown } | null | undefined)?.id);
}
