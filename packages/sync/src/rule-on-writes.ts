import type { Hold } from "./change.ts";
import { keyLabel } from "./key-label.ts";
import type { ModelState, PlanState } from "./plan-state.ts";
import type { Presence } from "./presence.ts";
import { visitReferences } from "./references.ts";
import type { Write } from "./writes-in-order.ts";

/** Why a write is not made; null where it is. `waiting` has the places of what is left to a second step. */
export function ruleOnWrite(
  state: PlanState,
  current: ModelState,
  write: Write,
  waiting: readonly number[],
  presence: Presence,
): Hold | null {
  const { model } = current;
  let hold: Hold | null = null;
  for (const { field, index, name } of current.references) {
    if (!write.indexes.includes(index)) continue;
    visitReferences(field, write.source.values[index], (target, key) => {
      const referred = state.models.get(target);
      if (!referred) return;
      const isInTarget = (): boolean =>
        presence.isInTarget(target, state.identity.toTarget(target, key));
      if (!presence.isInSource(target, key) && !isInTarget()) {
        hold = unresolved(state, current, write, name, target, key);
      } else if (referred.missing.has(key) && !waiting.includes(index)) {
        hold ??= needsHeld(state, target, key);
      } else if (!waiting.includes(index) && movesLater(state, current, write, target, key)) {
        hold ??= needsMoved(state, target, key);
      } else if (presence.isOutOfScope(target, key) && !isInTarget()) {
        hold ??= needsLeftOut(state, target, key, "which is out of scope");
      } else if (referred.ignores.has("create") && !isInTarget()) {
        hold ??= needsLeftOut(state, target, key, "whose creation the run ignores");
      }
    });
  }
  if (!write.target && write.isCircular) hold = circular(state, current, write);
  if (hold || write.target || current.targetIncomplete === null) return hold;
  return {
    guard: "incomplete-read",
    reason:
      `The target's ${model.pluralLabel} were not read completely, so this one may be there already: ` +
      current.targetIncomplete,
  };
}

/**
 * Whether what a write refers to keeps its place below an object of the target that is renamed after the write, or
 * beside it: the key it has by then cannot be said, since that rename may be held too.
 */
function movesLater(
  { identity }: PlanState,
  { model, standing }: ModelState,
  { depth }: Write,
  target: string,
  key: string,
): boolean {
  const isLater = (name: string, renamed: string): boolean =>
    name === model.name && standing.depthOf(renamed) >= depth;
  return target === model.name && identity.countsOn(target, key, isLater);
}

/** What is held by now need not be waited for. */
export function ruleOnSecondStep(
  state: PlanState,
  { model }: ModelState,
  { source }: Write,
  index: number,
): Hold | null {
  let hold: Hold | null = null;
  visitReferences(model.field(model.names[index] ?? ""), source.values[index], (target, key) => {
    if (state.models.get(target)?.missing.has(key)) hold ??= needsHeld(state, target, key);
  });
  return hold;
}

function unresolved(
  state: PlanState,
  { model }: ModelState,
  { source }: Write,
  field: string,
  target: string,
  key: string,
): Hold {
  const label = keyLabel(state.schema, model, source.key);
  const missing = `${state.schema.model(target).label} ${keyLabel(state.schema, target, key)}`;
  state.onFinding({
    kind: "unresolved-reference",
    side: "source",
    model: model.name,
    key: source.key,
    label,
    field,
    value: key,
    message:
      `${model.label} ${label}: ${field} refers to ${missing}, which neither side has. ` +
      "The change is held. Add it to the source, or correct the reference.",
    origin: source.origin ?? null,
  });
  return {
    guard: "unresolved-reference",
    reason: `It refers to ${missing} (${field}), which neither side has. Add it, or correct the reference.`,
  };
}

function circular(state: PlanState, { model }: ModelState, { source }: Write): Hold {
  const label = keyLabel(state.schema, model, source.key);
  const reason =
    "Following its references to its own type comes back to it, and none of them can be written later. " +
    "Break the circle.";
  state.onFinding({
    kind: "unresolved-reference",
    side: "source",
    model: model.name,
    key: source.key,
    label,
    field: null,
    value: null,
    message: `${model.label} ${label} cannot be created. ${reason}`,
    origin: source.origin ?? null,
  });
  return { guard: "unresolved-reference", reason };
}

function needsHeld({ schema }: PlanState, target: string, key: string): Hold {
  return {
    guard: "needs-held",
    reason:
      `It refers to ${schema.model(target).label} ${keyLabel(schema, target, key)}, which is not created ` +
      "in this run. See that one's finding or hold.",
  };
}

function needsMoved({ schema }: PlanState, target: string, key: string): Hold {
  return {
    guard: "needs-held",
    reason:
      `It refers to ${schema.model(target).label} ${keyLabel(schema, target, key)}, which is not moved in this ` +
      "run, while what it stands below is renamed. See that one's finding or hold, and run again.",
  };
}

function needsLeftOut({ schema }: PlanState, target: string, key: string, why: string): Hold {
  return {
    guard: "needs-held",
    reason:
      `It refers to ${schema.model(target).label} ${keyLabel(schema, target, key)}, ${why} and which the ` +
      "target lacks. Create that one first, or have the run do it.",
  };
}
