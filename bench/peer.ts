// DiffSync (Python) and Plumbline on the same records, runs interleaved, with the ratios of their medians.
//   npm run bench:peer -- [--shape flat|tree] [--size N] [--entry native|diffsync] [--repeat R] [--json]
// DiffSync comes from PyPI into .cache/ the first time; it needs python3 with venv.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { watchMachine } from "./compare/machine.ts";
import type { MeasuredRun } from "./compare/measured-run.ts";
import { readOptions } from "./compare/options.ts";
import { type Comparison, ratiosOf } from "./compare/ratios.ts";
import { type Library, measureOnce, ownLibrary, summarise, warmUp } from "./compare/repeat.ts";

const run = promisify(execFile);
const peer = fileURLToPath(new URL("peers/diffsync/", import.meta.url));
const environment = fileURLToPath(new URL("../.cache/peers/diffsync", import.meta.url));
const python = join(environment, "bin", "python");

async function install(): Promise<void> {
  if (existsSync(python)) return;
  await run("python3", ["-m", "venv", environment]);
  await run(python, ["-m", "pip", "install", "--quiet", "-r", join(peer, "requirements.txt")]);
}

const options = readOptions();
const { shape, size, entry, repeat, isJson } = options;
if (options.profile === "mixed") {
  console.error(
    "DiffSync does not normalise: it would see a difference in each planted value, and do other work. " +
      "Measure `--profile mixed` with `npm run bench`.",
  );
  process.exit(2);
}

async function runPeer(...args: string[]): Promise<unknown> {
  const { stdout } = await run(python, [join(peer, "bench.py"), ...args], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

const measurePeer = async (): Promise<MeasuredRun> =>
  (await runPeer("--child", "--shape", shape, "--size", String(size))) as MeasuredRun;

await install();
const library = (await runPeer("--versions")) as Library;
const machine = watchMachine();
await warmUp(options);
const ours: MeasuredRun[] = [];
const theirs: MeasuredRun[] = [];
for (let count = 0; count < repeat; count++) {
  theirs.push(await measurePeer());
  ours.push(await measureOnce(options));
}

const plumbline = summarise(ownLibrary(), options, ours);
const diffsync = summarise(library, options, theirs);
const ratios = ratiosOf(diffsync, plumbline);
const comparison: Comparison = { machine: machine(), entry, ratios, plumbline, diffsync };
if (isJson) console.log(JSON.stringify(comparison, null, 2));
else {
  console.log(
    `${shape}, ${size} records, ${repeat} runs each; ${JSON.stringify(comparison.machine)}`,
  );
  console.table(ratios);
}
if (!plumbline.summary_as_expected || !diffsync.summary_as_expected) {
  console.error("A summary is not the expected one.");
  process.exitCode = 1;
}
