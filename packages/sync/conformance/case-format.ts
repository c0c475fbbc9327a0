import type { Value } from "@plumbline/sync/diffsync";

/** The format of the cases; `README.md` says what each part means. */
export interface CaseModel {
  readonly name: string;
  readonly identifiers: readonly string[];
  readonly attributes: readonly string[];
  readonly children: Readonly<Record<string, string>>;
  readonly shortname?: readonly string[];
  readonly modelFlags?: readonly string[];
  readonly defaults?: Readonly<Record<string, Value>>;
  readonly required?: readonly string[];
  readonly extraFields?: readonly string[];
  readonly omitFields?: readonly string[];
}

export interface CaseRecord {
  readonly model: string;
  readonly ids: Readonly<Record<string, Value>>;
  readonly attrs?: Readonly<Record<string, Value>>;
  readonly parent?: number;
  readonly modelFlags?: readonly string[];
  readonly childUids?: Readonly<Record<string, Value>>;
}

export interface CaseSide {
  readonly adapterName: string;
  readonly instanceName?: string;
  readonly models?: readonly CaseModel[];
  readonly topLevel?: readonly string[];
  readonly objects: readonly CaseRecord[];
}

export interface CaseFailure {
  readonly action: string;
  readonly model: string;
  readonly uid: string;
  readonly effect: string;
  readonly message?: string;
  readonly status?: string;
}

export type CaseOrder = Readonly<
  Record<string, string | { readonly actions: readonly (string | null)[] }>
>;

export interface CaseMutation {
  readonly op: string;
  readonly side: "source" | "destination";
  readonly object?: CaseRecord;
  readonly model?: string;
  readonly uid?: string;
  readonly removeChildren?: boolean;
  readonly attr?: string;
  readonly value?: Value;
}

export interface ConformanceCase {
  readonly name: string;
  readonly kind: string;
  readonly quirk?: string;
  readonly requires?: readonly string[];
  readonly models?: readonly CaseModel[];
  readonly topLevel?: readonly string[];
  readonly expect: Readonly<Record<string, Value>>;
  // kind: sync
  readonly source?: CaseSide;
  readonly destination?: CaseSide;
  readonly operation?: string;
  readonly flags?: readonly string[];
  readonly order?: CaseOrder;
  readonly failures?: readonly CaseFailure[];
  readonly mutateBeforeSync?: readonly CaseMutation[];
  readonly readyDiff?: string;
  readonly readyDiffFlags?: readonly string[];
  readonly observe?: readonly string[];
  // kind: store and declaration
  readonly adapterName?: string;
  readonly instanceName?: string;
  readonly operations?: readonly CaseOperation[];
  readonly slots?: Readonly<Record<string, string>>;
}

export type CaseOperation = { readonly op: string } & Readonly<Record<string, Value>>;

/** What a run of a case showed, in the words of `expect`. */
export type Observed = Readonly<Record<string, Value>>;

const known = {
  case: [
    ...["name", "kind", "quirk", "requires", "models", "topLevel", "expect", "source"],
    ...["destination", "operation", "flags", "order", "failures", "mutateBeforeSync", "readyDiff"],
    ...["readyDiffFlags", "observe", "adapterName", "instanceName", "operations", "slots"],
  ],
  model: [
    ...["name", "identifiers", "attributes", "children", "shortname", "modelFlags", "defaults"],
    ...["required", "extraFields", "omitFields"],
  ],
  side: ["adapterName", "instanceName", "models", "topLevel", "objects"],
  record: ["model", "ids", "attrs", "parent", "modelFlags", "childUids"],
  failure: ["action", "model", "uid", "effect", "message", "status"],
  mutation: ["op", "side", "object", "model", "uid", "removeChildren", "attr", "value"],
};

const abilities = ["int-float", "float-text", "big-int"];

/** @throws Error for a part of a case that this runner does not know: it could not be honoured */
export function requireKnown(given: ConformanceCase): void {
  check("case", given);
  for (const need of given.requires ?? []) {
    if (!abilities.includes(need))
      throw new Error(`The case requires "${need}", which is unknown.`);
  }
  for (const what of given.observe ?? []) {
    if (what !== "status") throw new Error(`The case observes "${what}", which is unknown.`);
  }
  for (const model of given.models ?? []) check("model", model);
  for (const failure of given.failures ?? []) check("failure", failure);
  for (const mutation of given.mutateBeforeSync ?? []) check("mutation", mutation);
  for (const side of [given.source, given.destination]) {
    if (!side) continue;
    check("side", side);
    for (const model of side.models ?? []) check("model", model);
    for (const object of side.objects) check("record", object);
  }
}

function check(what: keyof typeof known, given: object): void {
  const unknown = Object.keys(given).find((name) => !known[what].includes(name));
  if (unknown !== undefined) throw new Error(`A ${what} has "${unknown}", which is unknown.`);
}
