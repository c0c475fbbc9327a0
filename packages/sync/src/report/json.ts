import type { ReportedChanges } from "./report.ts";

/** Changes as one JSON list, a line per change: an array of changes with `outcome` added. */
export async function* reportJson(
  changes: ReportedChanges,
): AsyncGenerator<string, void, undefined> {
  let separator = "[\n";
  for await (const batch of changes) {
    for (const { change, outcome } of batch) {
      yield `${separator}${JSON.stringify({ ...change, outcome })}`;
      separator = ",\n";
    }
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}
