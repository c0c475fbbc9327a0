import type { Finding, SideName } from "./finding.ts";
import type { Identity } from "./identity.ts";
import type { Model } from "./model.ts";
import type { Canonical } from "./record.ts";
import { mapReferences } from "./references.ts";
import { findRenameConflicts } from "./rename-conflicts.ts";
import type { Schema } from "./schema.ts";
import type { Matching, Store } from "./store.ts";

interface MatchContext {
  readonly schema: Schema;
  readonly store: Store;
  readonly identity: Identity;
  /** Keys that a finding of the planning speaks of, beside those the store shields. */
  readonly shields: Readonly<Record<SideName, Set<string>>>;
  readonly signal: AbortSignal | undefined;
  readonly onFinding: (finding: Finding) => void;
}

/** Has the store match the records of a model by identity and compare the `indexes` of each pair. */
export async function matchModel(
  context: MatchContext,
  model: Model,
  indexes: readonly number[],
): Promise<Matching> {
  const { schema, store, identity, shields, signal } = context;
  const { name } = model;
  const translated = new Map<number, (value: Canonical) => Canonical>();
  for (const { index, field, targets } of schema.referenceFields(model)) {
    if (!targets.some((target) => identity.isActive(target))) continue;
    translated.set(index, (value) => mapReferences(field, value, identity.toTarget));
  }
  const isActive = identity.isActive(name);
  if (isActive) await findRenameConflicts(context, model);
  const toTarget = isActive ? (key: string) => identity.toTarget(name, key) : null;
  const matching = await store.match({ model, indexes, toTarget, translated, shields, signal });
  for (const { source, target } of matching.kept) identity.keep(name, source, target);
  return matching;
}
