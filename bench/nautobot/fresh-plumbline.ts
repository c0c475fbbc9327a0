// A fresh Plumbline with one connection, to a Nautobot, and the time that its syncs take.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isFinal, silentLogger } from "@plumbline/sync";
import {
  getJobResult,
  getSync,
  readModels,
  type RunningPlumbline,
  startPlumbline,
  startSync,
} from "@plumbline/server";
import type { Server } from "./client.ts";

const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));
mkdirSync(cache, { recursive: true });

const withInterfaces = ["interface", "ip_address_to_interface"];
// A primary address is one of an interface.
const primary = ["device.primary_ip4", "device.primary_ip6"];

/** What is read of the Nautobot: all of it, or what has nothing to do with interfaces. */
export type Extent = "whole" | "without interfaces";

export async function inFreshPlumbline<T>(
  nautobot: Server,
  extent: Extent,
  work: (running: RunningPlumbline) => Promise<T>,
): Promise<T> {
  // Inside the checkout, so that the configuration finds the packages it imports.
  const home = mkdtempSync(join(cache, "bench-"));
  const leftOut = extent === "whole" ? [] : withInterfaces;
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

export async function syncTwice(running: RunningPlumbline, extent: Extent) {
  return { creating: await sync(running, extent), nothingToDo: await sync(running, extent) };
}

async function sync(running: RunningPlumbline, extent: Extent) {
  const { jobResultId, syncId } = await startSync(running, {
    jobId: "nautobot-lab",
    isDryRun: false,
    ignore: extent === "whole" ? [] : primary,
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
