import { shorten } from "./create-field.ts";
import type { Finding, SideName } from "./finding.ts";
import type { Identity } from "./identity.ts";
import { keyLabel } from "./key-label.ts";
import { compareKeys } from "./key-order.ts";
import type { Model } from "./model.ts";
import { mapKeyReferences } from "./references.ts";
import type { Schema } from "./schema.ts";
import type { KeyPair, SameValue, Store } from "./store.ts";

/** What second keys go by, beside the records. */
export interface SecondKeyRules {
  /** Names of a model's fields that are compared: no other is a second key in this run. */
  readonly compared: (model: Model) => ReadonlySet<string>;
  /** Whether both sides were read completely: else a record that was not read may have the value too. */
  readonly isWhole: (model: Model) => boolean;
  /** Whether a finding of the planning speaks of a record already. */
  readonly isShielded: (model: string, side: SideName, key: string) => boolean;
}

interface Context {
  readonly schema: Schema;
  readonly store: Store;
  readonly secondKeys: SecondKeyRules;
  readonly onAmbiguous: (finding: Finding, keys: SameValue["keys"]) => void;
}

interface Proposal extends SameValue {
  /** Name of the second key. */
  readonly field: string;
}

/** Why a candidate is not taken: others have the value, may have it, or the tree is upside down. */
type Doubt = "shared" | "not-whole" | "turned";

const mostNamed = 3;
const sides = ["source", "target"] as const;

/**
 * Matches the records of a model that pairs and keys leave without counterpart, by the first second key
 * that has a candidate. A value that only one record of each side has makes them one object; any other is
 * a finding. In a tree parents come before what is below them, which their match may explain.
 */
export async function matchBySecondKeys(
  context: Context,
  identity: Pick<Identity, "isActive" | "toTarget">,
  model: Model,
  onMatched: (pairs: readonly KeyPair[]) => void,
): Promise<void> {
  const { schema, secondKeys, onAmbiguous } = context;
  const compared = secondKeys.compared(model);
  const fields = model.secondKeys.filter((field) => compared.has(field));
  if (fields.length === 0) return;
  const settled = { source: new Set<string>(), target: new Set<string>() };
  const open = ({ keys }: SameValue, side: SideName): readonly string[] =>
    keys[side].filter(
      (key) => !settled[side].has(key) && !secondKeys.isShielded(model.name, side, key),
    );

  function doubt(proposal: Proposal, keys: SameValue["keys"], doubt: Doubt): void {
    for (const finding of findingsOf(schema, model, proposal, keys, doubt)) {
      onAmbiguous(finding, keys);
    }
  }

  /** Settles what does not wait for an object above it. @returns whether something does */
  function settle(proposals: readonly Proposal[], isStuck: boolean): boolean {
    const unsettled = {
      source: new Set(proposals.flatMap(({ keys }) => keys.source)),
      target: new Set(proposals.flatMap(({ keys }) => keys.target)),
    };
    const matched: KeyPair[] = [];
    let isWaiting = false;
    for (const proposal of proposals) {
      const keys = { source: open(proposal, "source"), target: open(proposal, "target") };
      const [source] = keys.source;
      const [target] = keys.target;
      if (source === undefined || target === undefined) continue;
      const waits = sides.some((side) =>
        keys[side].some((key) => isBelow(schema, model.name, key, unsettled[side])),
      );
      if (waits && !isStuck) {
        isWaiting = true;
        continue;
      }
      for (const side of sides) for (const key of keys[side]) settled[side].add(key);
      const { counts } = proposal;
      if (counts.source > 1 || counts.target > 1) doubt(proposal, keys, "shared");
      else if (!secondKeys.isWhole(model)) doubt(proposal, keys, "not-whole");
      else if (waits) doubt(proposal, keys, "turned");
      else matched.push({ source, target });
    }
    onMatched(matched);
    return isWaiting;
  }

  let before = Infinity;
  for (;;) {
    const proposals = (await propose(context, identity, model, fields)).filter(
      (proposal) => open(proposal, "source").length > 0 && open(proposal, "target").length > 0,
    );
    // Each waits for another where what was above is below now, which no order of updates can do.
    if (!settle(proposals, proposals.length >= before)) return;
    before = proposals.length;
  }
}

async function propose(
  { store }: Context,
  identity: Pick<Identity, "isActive" | "toTarget">,
  model: Model,
  fields: readonly string[],
): Promise<readonly Proposal[]> {
  const { name } = model;
  const toTarget = identity.isActive(name) ? (key: string) => identity.toTarget(name, key) : null;
  const proposals: Proposal[] = [];
  for (const field of fields) {
    const index = model.names.indexOf(field);
    const found: Proposal[] = [];
    for await (const batch of store.sameValues({ model, index, toTarget })) {
      for (const { value, keys, counts } of batch) {
        const source = keys.source.toSorted(compareKeys);
        const target = keys.target.toSorted(compareKeys);
        found.push({ field, value, counts, keys: { source, target } });
      }
    }
    found.sort((a, b) => compareKeys(a.keys.source[0] ?? "", b.keys.source[0] ?? ""));
    proposals.push(...found);
  }
  return proposals;
}

/** Whether one of the keys is of an object above the one of this key, in the model's own tree. */
function isBelow(schema: Schema, model: string, key: string, keys: ReadonlySet<string>): boolean {
  let found = false;
  mapKeyReferences(schema, model, key, (target, part) => {
    if (target === model) found ||= keys.has(part) || isBelow(schema, model, part, keys);
    return part;
  });
  return found;
}

function* findingsOf(
  schema: Schema,
  model: Model,
  { field, value, counts }: Proposal,
  keys: SameValue["keys"],
  doubt: Doubt,
): Generator<Finding> {
  const named = keys.target.slice(0, mostNamed).map((key) => keyLabel(schema, model, key));
  const candidates = named.join(" or ") + (keys.target.length > mostNamed ? " or another" : "");
  const text = shorten(String(value));
  const reason = {
    shared: `but ${counts.source} of the source and ${counts.target} of the target have that. Nothing is changed. Correct it where it is wrong.`,
    "not-whole": `but ${model.pluralLabel} were not read completely, and another may have that. Nothing is changed. Run again once they are.`,
    turned:
      "but what is above one of them is below the other. Nothing is changed. Move them in the target by hand.",
  }[doubt];
  for (const key of keys.source) {
    const label = keyLabel(schema, model, key);
    yield {
      kind: "ambiguous",
      side: "source",
      model: model.name,
      key,
      label,
      field,
      value: text,
      message: `${model.label} ${label} could be ${candidates} of the target by its ${field} ${text}, ${reason}`,
      origin: null,
    };
  }
}
