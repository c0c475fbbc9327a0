import type { Finding, SideName } from "./finding.ts";
import type { Identity } from "./identity.ts";
import { keyLabel } from "./key-label.ts";
import type { Model } from "./model.ts";
import type { SideRecord } from "./record.ts";
import type { Schema } from "./schema.ts";
import type { KeyPair, Store } from "./store.ts";

interface Context {
  readonly schema: Schema;
  readonly store: Store;
  readonly identity: Identity;
  /** Takes the keys of records that must not be changed. */
  readonly shields: Readonly<Record<SideName, Set<string>>>;
  readonly onFinding: (finding: Finding) => void;
}

const batchSize = 1000;

/**
 * Finds what stands in the way of the renames of a model: an object that has the new key already, or a
 * record that comes under the old one.
 */
export async function findRenameConflicts(context: Context, model: Model): Promise<void> {
  const renames = context.identity.renames(model.name);
  for (let start = 0; start < renames.length; start += batchSize) {
    await findConflicts(context, model, renames.slice(start, start + batchSize));
  }
}

async function findConflicts(
  { schema, store, identity, shields, onFinding }: Context,
  model: Model,
  renames: readonly KeyPair[],
): Promise<void> {
  const { name } = model;
  const newKeys = renames.map(({ source }) => identity.keyUnderMatchedParent(name, source));
  const newcomers = renames.map(({ target }) => identity.sourceKeyUnderMatchedParent(name, target));
  const targets = await store.which("target", name, newKeys);
  const sources = await store.find("source", name, [
    ...renames.map(({ source }) => source),
    ...newcomers,
  ]);

  const shieldTaken = (record: SideRecord, taken: string): void => {
    shields.source.add(record.key);
    onFinding(takenFinding(schema, model, record, taken));
  };

  for (const [index, { source, target }] of renames.entries()) {
    const record = sources.get(source);
    const newKey = newKeys[index] ?? source;
    if (record && newKey !== target && targets.has(newKey)) {
      if (identity.pairedSource(name, newKey) === undefined) {
        shields.source.add(source);
        shields.target.add(target).add(newKey);
        onFinding(ambiguousFinding(schema, model, record, [target, newKey]));
      } else {
        // A rename onto a key that another rename of this run frees: a target would refuse it now.
        shieldTaken(record, newKey);
      }
    }
    // A remembered pair says that the object of this key is another record: the pair wins.
    const newcomer = sources.get(newcomers[index] ?? target);
    if (!newcomer || newcomer.key === source) continue;
    if (identity.pairedTarget(name, newcomer.key) !== undefined) continue;
    if (identity.keyUnderMatchedParent(name, newcomer.key) === target) {
      shieldTaken(newcomer, target);
    }
  }
}

function ambiguousFinding(
  schema: Schema,
  model: Model,
  record: SideRecord,
  others: readonly string[],
): Finding {
  const label = keyLabel(schema, model, record.key);
  const candidates = others.map((key) => keyLabel(schema, model, key)).join(" or ");
  return {
    kind: "ambiguous",
    side: "source",
    model: model.name,
    key: record.key,
    label,
    field: null,
    value: null,
    message:
      `${model.label} ${label} could be ${candidates} of the target. Nothing is changed. ` +
      "Remove one of them, or correct the source.",
    origin: record.origin ?? null,
  };
}

function takenFinding(schema: Schema, model: Model, record: SideRecord, taken: string): Finding {
  const label = keyLabel(schema, model, record.key);
  return {
    kind: "ambiguous",
    side: "source",
    model: model.name,
    key: record.key,
    label,
    field: null,
    value: null,
    message:
      `${model.label} ${label} has the key of ${keyLabel(schema, model, taken)} in the target, which is ` +
      "another object of the source under its old name. Run again once that one is renamed.",
    origin: record.origin ?? null,
  };
}
