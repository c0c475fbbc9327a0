import { idsOf, isTouched, isUpdateOf, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Queryable } from "../inventory.ts";
import type { RuleContext } from "./hub-rules.ts";
import { type LeftBehind, refuseEach, withoutPlanned } from "./planned.ts";

const words = { lag: "LAG", parent_interface: "parent interface", bridge: "bridge" } as const;
const fields = Object.keys(words) as (keyof typeof words)[];

type Related = {
  readonly id: string;
  readonly type: string;
  readonly field: keyof typeof words;
  readonly other: string;
  readonly itself: boolean;
  readonly elsewhere: boolean;
};

/** Bundles, parents and bridges are other interfaces of the same device. */
export async function checkNeighbours(
  client: Queryable,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const touched = pending.filter((change) =>
    isTouched(change, "lag", "parent_interface", "bridge", "type", "device"),
  );
  const { rows } = await client.query<Related>(
    `select i.id, i.type, r.field, o.name as other,
            o.id = i.id as itself, o.device_id <> i.device_id as elsewhere
       from interfaces i
      cross join lateral (values ('lag', i.lag_id), ('parent_interface', i.parent_interface_id),
                                 ('bridge', i.bridge_id)) r (field, id)
       join interfaces o on o.id = r.id
      where i.id = any($1::uuid[])`,
    [idsOf(touched)],
  );
  return rows.flatMap((row) => {
    const problem = describeNeighbour(row);
    return problem === null ? [] : refuse(row.id, row.field, row.other, problem);
  });
}

function describeNeighbour(row: Related): string | null {
  const { field, type, other } = row;
  const what = words[field];
  if (row.itself) return `An interface cannot be its own ${what}. Choose another interface.`;
  if (row.elsewhere) {
    return `${other} is an interface of another device. Choose a ${what} on the same device.`;
  }
  if (field === "lag" && type === "virtual") {
    return "A virtual interface cannot be a member of a LAG. Leave the LAG empty.";
  }
  if (field === "parent_interface" && type !== "virtual") {
    return `An interface of type ${type} has no parent interface, only virtual ones have. Leave it empty.`;
  }
  return null;
}

type Member = LeftBehind & { readonly field: keyof typeof words; readonly device: string };

/** An interface goes to no other device than those for which it is a LAG, a parent or a bridge. */
export async function checkMembersFollow(
  context: RuleContext,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const moved = pending.filter(isUpdateOf("device"));
  if (moved.length === 0) return [];
  const members = fields.map(
    (field) =>
      `select o.id, '${field}' as field, i.id as other, i.name, coalesce(d.name, 'their device') as device
         from interfaces o join interfaces i on i.${field}_id = o.id join devices d on d.id = i.device_id
        where o.id = any($1::uuid[]) and i.device_id <> o.device_id`,
  );
  const { rows } = await context.client.query<Member>(members.join(" union all "), [idsOf(moved)]);
  const left = await withoutPlanned(context, rows, ({ other, field }) => ({
    [other]: ["device", field],
  }));
  const labels = new Map(moved.map(({ id, change }) => [id, change.label]));
  return fields.flatMap((field) =>
    refuseEach(
      left.filter((each) => each.field === field),
      (names, { id, device }) =>
        refuse(
          id,
          "device",
          null,
          `${labels.get(id) ?? "It"} cannot go to another device: it is the ${words[field]} of ${names} on ${device}. Take those out of it first, or move all of them at once.`,
        ),
    ),
  );
}
