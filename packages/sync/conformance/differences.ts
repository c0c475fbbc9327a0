import { quotedTextOf, textOf, type Value } from "@plumbline/sync/diffsync";
import type { ConformanceCase, Observed } from "./case-format.ts";
import { record } from "./case-json.ts";
import { compareObserved } from "./compare-observed.ts";

export interface Difference {
  /** The quirk that the difference is about. */
  readonly code: string;
  /** What is not as our documents say; none where all is. */
  readonly problems: readonly string[];
}

/**
 * Quirks in which we differ from DiffSync on purpose, each with a check that our documented answer is what was
 * observed. `docs/diffsync-differences.md` lists them with the reasons.
 */
export const differences: Readonly<
  Record<string, (given: ConformanceCase, observed: Observed) => readonly string[]>
> = {
  // An error from inside DiffSync: a refusal of ours at the same place is as good, in our words.
  "internal-error": (given, observed) => {
    const { error: wanted, secondDiffError: _, ...others } = given.expect;
    const { error: seen = null } = observed;
    if (whereOf(wanted) === whereOf(seen)) {
      return compareObserved(others, pick(observed, Object.entries(others)));
    }
    return [`error: expected a refusal at "${whereOf(wanted)}", observed ${quotedTextOf(seen)}`];
  },
  // A model may have any name: nothing of an adapter is in its way, so the sync goes through.
  "reserved-model-name": (given, observed) => {
    const { elements, length, summary } = given.expect;
    const wanted = Object.entries({ elements, length, summary }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    const error = observed["error"] ?? null;
    const mayFail = (given.failures ?? []).length > 0;
    return [
      ...compareObserved(Object.fromEntries(wanted), pick(observed, wanted)),
      ...(error === null || mayFail ? [] : [`there was an error: ${quotedTextOf(error)}`]),
    ];
  },
};

function whereOf(error: Value | undefined): string {
  return textOf(record(error)["where"] ?? null);
}

function pick(observed: Observed, names: readonly (readonly [string, Value])[]): Observed {
  return Object.fromEntries(names.map(([name]) => [name, observed[name] ?? null]));
}

/** Judges a case that did not come out as recorded. Undefined where none of its quirks allows that. */
export function checkDifference(
  given: ConformanceCase,
  observed: Observed,
): Difference | undefined {
  const allowed = (given.quirk ?? "")
    .split(",")
    .map((code) => code.trim())
    .filter((code) => Object.hasOwn(differences, code))
    .map((code) => ({ code, problems: differences[code]?.(given, observed) ?? [] }));
  return allowed.find(({ problems }) => problems.length === 0) ?? allowed[0];
}
