// A real Nautobot beside a fresh Plumbline that is filled from it: how long the syncs take, and the rates of both in
// one run. The Nautobot is given 1,000 locations, which are deleted again; take one to throw away.
// NAUTOBOT_URL=… NAUTOBOT_TOKEN=… node -C @plumbline/source bench/beside-nautobot.ts     prints JSON
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isFinal, silentLogger } from "@plumbline/sync";
import {
  getJobResult,
  getSync,
  readModels,
  type RunningPlumbline,
  startPlumbline,
  startSync,
} from "@plumbline/server";
import { type Rates, round, type Server } from "./nautobot/client.ts";
import { signIn } from "./served/sign-in.ts";

const nautobot: Server = {
  url: process.env["NAUTOBOT_URL"] ?? "http://127.0.0.1:8082",
  token: process.env["NAUTOBOT_TOKEN"] ?? "",
};

const run = promisify(execFile);

const cache = fileURLToPath(new URL("../.cache/", import.meta.url));
mkdirSync(cache, { recursive: true });

const withInterfaces = ["interface", "ip_address_to_interface"];
// A primary address is one of an interface.
const ignored = ["device.primary_ip4", "device.primary_ip6"];

const withoutInterfaces = await inFreshPlumbline(withInterfaces, (running) =>
  syncTwice(running, ignored),
);
const whole = await inFreshPlumbline([], async (running) => {
  const syncs = await syncTwice(running, []);
  const plumbline = await ratesOf(await accessTo(running));
  const theirs = await ratesOf(nautobot);
  const ratios = Object.fromEntries(
    Object.entries(plumbline).map(([name, value]) => {
      const other = theirs[name as keyof typeof theirs];
      return [name, round(name.startsWith("one") ? other / value : value / other)];
    }),
  );
  return { syncs, rates: { plumbline, nautobot: theirs, ratios } };
});
const load = loadavg().map(round);
process.stdout.write(`${JSON.stringify({ load, withoutInterfaces, ...whole }, null, 2)}\n`);

async function inFreshPlumbline<T>(
  leftOut: readonly string[],
  work: (running: RunningPlumbline) => Promise<T>,
): Promise<T> {
  // Inside the checkout, so that the configuration finds the packages it imports.
  const home = mkdtempSync(join(cache, "bench-"));
  writeFileSync(join(home, "token"), nautobot.token);
  writeFileSync(
    join(home, "plumbline.config.ts"),
    `import { defineConfig, fromFile } from "@plumbline/plugin-kit";
import { nautobot } from "@plumbline/integrations/nautobot";
import { syncedModels } from "@plumbline/models";
const models = syncedModels.filter(({ name }) => !${JSON.stringify(leftOut)}.includes(name));
const lab = nautobot({ url: ${JSON.stringify(nautobot.url)}, token: fromFile("token"), models });
export default defineConfig({ connections: { lab } });
`,
  );
  const running = await startPlumbline({
    folder: home,
    dataDirectory: join(home, "data"),
    roles: { web: true, worker: true },
    port: 0,
    host: "127.0.0.1",
    webRoot: null,
    logger: silentLogger,
  });
  try {
    return await work(running);
  } finally {
    await running.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function syncTwice(running: RunningPlumbline, ignore: readonly string[]) {
  return { creating: await sync(running, ignore), nothingToDo: await sync(running, ignore) };
}

async function sync(running: RunningPlumbline, ignore: readonly string[]) {
  const { jobResultId, syncId } = await startSync(running, {
    jobId: "nautobot-lab",
    isDryRun: false,
    ignore,
    variables: {},
    user: null,
  });
  const { kysely } = running.database;
  while (!isFinal((await getJobResult(kysely, jobResultId)).status)) await sleep(100);
  const found = await getSync(running.database, await readModels(running.database), syncId);
  return {
    sentence: found.sentence,
    reason: found.statusReason,
    seconds: (found.durationMs ?? 0) / 1000,
    phases: Object.fromEntries(
      found.phases.map(({ phase, durationMs }) => [phase, (durationMs ?? 0) / 1000]),
    ),
    peakMemoryMib: Math.round((found.peakMemoryBytes ?? 0) / 2 ** 20),
  };
}

/** Asked from a process of its own, so that the client's work is not the server's. */
async function ratesOf({ url, token }: Server): Promise<Rates> {
  const script = fileURLToPath(new URL("nautobot/rates.ts", import.meta.url));
  const env = { ...process.env, SERVER_URL: url, SERVER_TOKEN: token };
  const { stdout } = await run(process.execPath, ["-C", "@plumbline/source", script], { env });
  return JSON.parse(stdout) as Rates;
}

/** Its address, and a token of its first administrator. */
async function accessTo(running: RunningPlumbline): Promise<Server> {
  const url = running.url ?? "";
  const answer = await fetch(`${url}/api/tokens`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: url,
      cookie: await signIn(running),
    },
    body: JSON.stringify({ name: "bench" }),
  });
  const { key } = (await answer.json()) as { key: string };
  return { url, token: key };
}
