// How long the pages of a sync with 110,000 changes take, over HTTP and the embedded PostgreSQL.
// node -C @plumbline/source bench/large-sync.ts     prints JSON: milliseconds (median and most of 7) and bytes
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { silentLogger } from "@plumbline/sync";
import { openDatabase } from "@plumbline/server";
import { createWorkplace } from "../packages/cli/test/support/plumbline.ts";
import {
  seedHolds,
  seedOutcomes,
  seedPlan,
  seedSync,
  seedWideParent,
} from "../packages/server/test/rest/seed.ts";
import { seePages } from "./large-sync/browser.ts";
import { signIn } from "./served/sign-in.ts";

// The server as `plumbline serve` is, in a process of its own: the memory is its alone.
const workplace = await createWorkplace();
const server = workplace.start("serve", "--port", "0");
const [setupLink] = await server.printed(/http:\S+token=\S+/);
const url = new URL(setupLink).origin;
const { dataDirectory } = workplace;
const database = await openDatabase({ dataDirectory, logger: silentLogger, whenInUse: "join" });
try {
  const { pool } = database;
  const sync = await seedSync(pool, { status: "partial", isDryRun: false });
  await seedPlan(pool, sync.syncId, 10_000);
  await seedHolds(pool, sync.syncId, "needs-held", "position % 1000 = 7");
  await seedOutcomes(pool, sync, "failed", "position % 5000 = 3");
  await seedOutcomes(pool, sync, "applied", "position % 5000 <> 3 and position % 1000 <> 7");

  const wide = await seedSync(pool, { status: "planned", isDryRun: true });
  await seedPlan(pool, wide.syncId, 4_545);
  await seedWideParent(pool, wide.syncId, 50_000);
  await pool.query("analyze");

  const cookie = await signIn({ url, setupLink });
  const startedMib = memoryMib(server.pid);
  const memoryGrowthMib = { pages: 0, export: 0 };
  const growing = { during: "pages" as keyof typeof memoryGrowthMib };
  const watch = setInterval(() => {
    const grown = memoryMib(server.pid) - startedMib;
    memoryGrowthMib[growing.during] = Math.max(memoryGrowthMib[growing.during], grown);
  }, 20);
  const client = fork(fileURLToPath(new URL("large-sync/client.ts", import.meta.url)), [
    url,
    cookie,
    sync.syncId,
    wide.syncId,
  ]);
  const ended = once(client, "exit");
  const asked: object[] = [];
  client.on("message", (answer) => {
    asked.push(answer as object);
    growing.during = "export";
  });
  const [code] = (await ended) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`The client ended with ${String(code)}.`);
  const seen = await seePages(url, cookie, wide.syncId);
  const result = Object.assign({}, ...asked, { startedMib, memoryGrowthMib, seen }) as object;
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  await database.close();
  server.interrupt();
  await server.ended;
  await workplace.remove();
}

/** What of a process is in memory. Linux only. */
function memoryMib(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
}
