import { type Change, keyLabel } from "@plumbline/sync";
import { keysById } from "../key-strings.ts";
import { idsOf, type PendingChange } from "../pending-change.ts";
import type { Brought, RuleContext } from "./hub-rules.ts";

/** An object that goes where another one went. */
export interface Follower {
  readonly id: string;
  /** Of what it follows. */
  readonly leader: string;
  /** What its reference names now, and what it is to name. */
  readonly from_id: string;
  readonly to_id: string;
}

/** Updates of the followers' reference `field`, to be written like any others: checked, recorded, with a new version. */
export async function moveAlong(
  { client, inventory }: RuleContext,
  { model, field }: { readonly model: string; readonly field: string },
  followers: readonly Follower[],
  leaders: readonly PendingChange[],
): Promise<Brought> {
  const { schema } = inventory;
  const target = schema.model(model).field(field).facts.target ?? "";
  const keys = await keysById(client, inventory, model, idsOf(followers));
  const places = await keysById(
    client,
    inventory,
    target,
    new Set(followers.flatMap(({ from_id: from, to_id: to }) => [from, to])),
  );
  const byId = new Map(leaders.map((leader) => [leader.id, leader]));
  const changes = new Map<Change, PendingChange>();
  for (const { id, leader: leaderId, from_id: from, to_id: to } of followers) {
    const leader = byId.get(leaderId);
    const key = keys.get(id);
    if (leader === undefined || key === undefined) continue;
    const change: Change = {
      model,
      action: "update",
      key,
      label: keyLabel(schema, model, key),
      parentModel: null,
      parentKey: null,
      before: { [field]: places.get(from) ?? null },
      after: { [field]: places.get(to) ?? null },
      fields: [field],
      rank: 0,
      targetId: id,
      targetVersion: null,
      sourceId: null,
    };
    changes.set(change, leader);
  }
  return { model, changes, named: field };
}
