// Measures the engine on the records DiffSync is measured on; docs/measurements.md has the figures.
//   npm run bench -- [--entry native|diffsync] --shape flat|tree --size N [--profile canonical|mixed] [--repeat R] [--verify] [--json]
// Prints one JSON document with `--json`, else a table.
import type { MeasuredRun, RunOptions } from "./compare/measured-run.ts";
import { type EntryName, readOptions } from "./compare/options.ts";
import { recordLines } from "./compare/records.ts";
import { watchMachine } from "./compare/machine.ts";
import { measureOnce, ownLibrary, summarise, warmUp } from "./compare/repeat.ts";

/** Loads only what is measured. */
async function runOf(entry: EntryName, run: RunOptions): Promise<MeasuredRun> {
  if (entry === "diffsync") return (await import("./compare/diffsync.ts")).runDiffSyncEntry(run);
  return (await import("./compare/native.ts")).runNative(run);
}

const options = readOptions();
if (options.records !== null) {
  for (const line of recordLines(options.shape, options.size, options.records, options.profile)) {
    process.stdout.write(`${line}\n`);
  }
} else if (options.isChild) {
  process.stdout.write(JSON.stringify(await runOf(options.entry, options)));
} else {
  const machine = watchMachine();
  await warmUp(options);
  const runs = [];
  for (let count = 0; count < options.repeat; count++) runs.push(await measureOnce(options));
  const { entry } = options;
  const result = { entry, ...summarise(ownLibrary(), options, runs), machine: machine() };
  if (options.isJson) console.log(JSON.stringify(result, null, 1));
  else {
    console.table({ ...result.seconds });
    console.table({ ...result.rss_mib });
    console.log(result.summary_as_expected ? "Summary as expected." : "WRONG SUMMARY");
  }
}
