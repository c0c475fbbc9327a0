// DiffSync (Python) and Plumbline on the same records, runs interleaved, with the ratios of their medians.
//   npm run bench:peer -- [--shape flat|tree] [--size N] [--entry native|diffsync] [--repeat R] [--json]
// DiffSync comes from PyPI into .cache/ the first time; it needs python3 with venv.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type MeasuredRun, round } from "./compare/measured-run.ts";
import { readOptions } from "./compare/options.ts";
import { measureOnce, summarise, warmUp } from "./compare/repeat.ts";

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
const { shape, size, repeat, isJson } = options;

async function measurePeer(): Promise<MeasuredRun> {
  const { stdout } = await run(
    python,
    [join(peer, "bench.py"), "--child", "--shape", shape, "--size", String(size)],
    { maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout) as MeasuredRun;
}

await install();
await warmUp(options);
const ours: MeasuredRun[] = [];
const theirs: MeasuredRun[] = [];
for (let count = 0; count < repeat; count++) {
  theirs.push(await measurePeer());
  ours.push(await measureOnce(options));
}

const us = summarise(options, ours);
const them = summarise(options, theirs);
const total = (runs: readonly MeasuredRun[]): number =>
  median(runs.map(({ seconds }) => Object.values(seconds).reduce((sum, each) => sum + each, 0)));
const rows: Record<string, { diffsync: number; plumbline: number; ratio: number }> = {};
const compare = (name: string, theirs: number, ours: number): void => {
  rows[name] = {
    diffsync: round(theirs, 3),
    plumbline: round(ours, 3),
    ratio: round(theirs / ours, 2),
  };
};
const load = (each: typeof us): number =>
  (each.seconds["load_source"]?.median ?? 0) + (each.seconds["load_destination"]?.median ?? 0);
compare("load (s)", load(them), load(us));
for (const phase of ["diff", "sync"]) {
  compare(`${phase} (s)`, them.seconds[phase]?.median ?? 0, us.seconds[phase]?.median ?? 0);
}
compare("whole cycle (s)", total(theirs), total(ours));
compare("peak memory (MiB)", them.rss_mib["peak"]?.median ?? 0, us.rss_mib["peak"]?.median ?? 0);

const machine = { processor: cpus()[0]?.model, cores: cpus().length, load: loadavg()[0] };
if (isJson) console.log(JSON.stringify({ machine, ratios: rows, plumbline: us, diffsync: them }));
else {
  console.log(`${shape}, ${size} records, ${repeat} runs each; ${JSON.stringify(machine)}`);
  console.table(rows);
}
if (!us.summary_as_expected || !them.summary_as_expected) {
  console.error("A summary is not the expected one.");
  process.exitCode = 1;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
