import type { Hold, PlannedChange } from "./change.ts";
import { measureDepths, settleDepths } from "./depth.ts";
import { keyLabel } from "./key-label.ts";
import { type ModelState, pin, type PlanState } from "./plan-state.ts";
import { valuesOf } from "./plan-writes.ts";
import type { SideRecord } from "./record.ts";
import { visitReferences } from "./references.ts";

const batchSize = 1000;

/** The deletes of a model, deepest first, ruled on; to be called model by model against the order of dependency. */
export async function* planDeletes(
  state: PlanState,
  current: ModelState,
  base: number,
): AsyncGenerator<PlannedChange[], number> {
  let next = base;
  for await (const removals of current.isTree ? sortByDepth(state, current) : inOrder(current)) {
    const batch: PlannedChange[] = [];
    for (const { record, offset } of removals) {
      const hold = current.deleteHold ?? stillReferenced(state, current, record.key);
      if (hold) {
        current.counts.held += 1;
        const by = { model: current.model.name, key: record.key };
        for (const { field, index } of current.references) {
          visitReferences(field, record.values[index], (target, key) =>
            pin(state, target, key, by),
          );
        }
      }
      batch.push(deleteOf(state, current, record, base + offset, hold));
      next = base + offset + 1;
    }
    yield batch;
  }
  return next;
}

interface Removal {
  readonly record: SideRecord;
  /** Ranks after the first. */
  readonly offset: number;
}

async function* inOrder({ matching }: ModelState): AsyncGenerator<readonly Removal[]> {
  for await (const records of matching?.readDeletes() ?? []) {
    yield records.map((record) => ({ record, offset: 0 }));
  }
}

async function* sortByDepth(
  { schema, store }: PlanState,
  { matching, model }: ModelState,
): AsyncGenerator<readonly Removal[]> {
  const records: SideRecord[] = [];
  for await (const batch of matching?.readDeletes() ?? []) {
    for (const record of batch) records.push(record);
  }
  const depthOf = await measureDepths(schema, store, "target", model, records);
  const deletes = records.map((record) => ({ record, depth: depthOf(record) }));
  const deepest = settleDepths(deletes);
  // Sorting keeps the order of the keys within a depth.
  deletes.sort((a, b) => b.depth - a.depth);
  for (let start = 0; start < deletes.length; start += batchSize) {
    const batch = deletes.slice(start, start + batchSize);
    yield batch.map(({ record, depth }) => ({ record, offset: deepest - depth }));
  }
}

function stillReferenced({ schema }: PlanState, { pins }: ModelState, key: string): Hold | null {
  const by = pins.get(key);
  if (!by) return null;
  return {
    guard: "still-referenced",
    reason:
      `${schema.model(by.model).label} ${keyLabel(schema, by.model, by.key)} stays and refers to it. ` +
      "Delete or change that one first.",
  };
}

function deleteOf(
  { schema }: PlanState,
  { model }: ModelState,
  record: SideRecord,
  rank: number,
  hold: Hold | null,
): PlannedChange {
  const parentModel = model.parent === null ? undefined : model.field(model.parent).facts.target;
  const parentKey = model.parent === null ? null : record.values[model.names.indexOf(model.parent)];
  const hasParent = parentModel !== undefined && typeof parentKey === "string";
  return {
    model: model.name,
    action: "delete",
    key: record.key,
    label: keyLabel(schema, model, record.key),
    parentModel: hasParent ? parentModel : null,
    parentKey: hasParent ? parentKey : null,
    before: valuesOf(model, record, [...model.names.keys()]),
    after: null,
    fields: [],
    rank,
    targetId: record.id ?? null,
    targetVersion: record.version ?? null,
    sourceId: null,
    hold,
  };
}
