import { randomUUID } from "node:crypto";
import type { HubModel } from "@plumbline/models";
import type { Change, OutcomeError, Schema, Values } from "@plumbline/sync";
import { isAssigned, type SetChange } from "./assigned-sets.ts";
import type { ObjectFinder } from "./object-finder.ts";
import { explainAbsent, explainDangling } from "./refusals.ts";
import { type Body, type Dangling, makeBody, referencesIn } from "./remote-fields.ts";
import { findIds } from "./stale-objects.ts";
import type { FieldGuide } from "./writable-fields.ts";

/** A change as it is sent. */
export interface Row {
  readonly change: Change;
  readonly body: Body;
  readonly sets: readonly SetChange[];
}

export interface RowContext {
  readonly name: string;
  readonly schema: Schema;
  readonly finder: ObjectFinder;
  readonly guide: FieldGuide;
}

export const idOfRow = ({ body }: Row): string => String(body["id"]);

/** The changes as rows. Those that cannot be sent are given to `refuse`, with the reason. */
export async function prepareRows(
  { name, schema, finder, guide }: RowContext,
  hub: HubModel,
  changes: readonly Change[],
  refuse: (change: Change, error: OutcomeError) => void,
): Promise<Row[]> {
  // Of what was before, only the members of sets that are kept apart are taken away one by one.
  const references = referencesIn(
    hub,
    changes.flatMap(({ action, before, after }) => [
      after,
      action === "update" ? pick(before, (field) => isAssigned(hub, field)) : null,
    ]),
  );
  const late = changes.filter(({ targetId, action }) => action === "update" && targetId === null);
  const own = await finder.find(
    hub.model.name,
    late.map(({ key }) => key),
  );
  const idOf = await findIds(finder, references);
  const isWritable = await guide(hub);
  return changes.flatMap((change): Row[] => {
    const id =
      change.action === "create" ? randomUUID() : (change.targetId ?? own.get(change.key)?.[0]);
    if (id === undefined) {
      refuse(change, explainAbsent(name, change.label));
      return [];
    }
    const values = change.after ?? {};
    const dangling: Dangling[] = [];
    const body = makeBody(schema, hub, change.key, values, idOf, dangling);
    const [missing] = dangling;
    if (missing !== undefined) {
      refuse(change, explainDangling(schema, name, change.label, missing));
      return [];
    }
    const assigned = new Set(["id"]);
    const single: Body = {};
    const sets = Object.keys(values).flatMap((field): SetChange[] => {
      if (!isAssigned(hub, field) || isWritable(field)) return [];
      const members = body[field] as readonly string[];
      assigned.add(field);
      const alias = Object.entries(hub.rest?.single ?? {}).find(([, of]) => of === field)?.[0];
      if (change.action === "create" && members.length === 1 && alias && isWritable(alias)) {
        single[alias] = members[0];
        return [];
      }
      const { before } = change;
      const was =
        before === null ? [] : idsIn(before[field], (key) => idOf(memberOf(hub, field), key));
      return [
        {
          field,
          ownerId: id,
          added: members.filter((member) => !was.includes(member)),
          removed: was.filter((member) => !members.includes(member)),
        },
      ];
    });
    const plain = Object.entries(body).filter(([field]) => !assigned.has(field));
    return [{ change, body: { ...Object.fromEntries(plain), ...single, id }, sets }];
  });
}

function pick(values: Values | null, passes: (name: string) => boolean): Values {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([name]) => passes(name)));
}

function idsIn(value: unknown, idOf: (key: string) => string | undefined): string[] {
  return Array.isArray(value) ? value.flatMap((key) => idOf(String(key)) ?? []) : [];
}

function memberOf({ model }: HubModel, field: string): string {
  return model.field(field).facts.members?.facts.target ?? "";
}
