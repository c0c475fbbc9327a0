// How long the pages of a sync with 110,000 changes take, over HTTP and the embedded PostgreSQL.
// node -C @plumbline/source bench/large-sync.ts     prints JSON: milliseconds (median and most of 7) and bytes
// The pages must have been built: `npm start` does it.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { silentLogger } from "@plumbline/sync";
import { startPlumbline } from "@plumbline/server";
import {
  seedHolds,
  seedOutcomes,
  seedPlan,
  seedSync,
  seedWideParent,
} from "../packages/server/test/rest/seed.ts";
import { seePages } from "./large-sync/browser.ts";
import { signIn } from "./served/sign-in.ts";

const home = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
const running = await startPlumbline({
  folder: home,
  dataDirectory: join(home, "data"),
  roles: { web: true, worker: false },
  port: 0,
  host: "127.0.0.1",
  webRoot: join(dirname(fileURLToPath(import.meta.resolve("@plumbline/web/package.json"))), "dist"),
  logger: silentLogger,
});
try {
  const { pool } = running.database;
  const sync = await seedSync(pool, { status: "partial", isDryRun: false });
  await seedPlan(pool, sync.syncId, 10_000);
  await seedHolds(pool, sync.syncId, "needs-held", "position % 1000 = 7");
  await seedOutcomes(pool, sync, "failed", "position % 5000 = 3");
  await seedOutcomes(pool, sync, "applied", "position % 5000 <> 3 and position % 1000 <> 7");

  const wide = await seedSync(pool, { status: "planned", isDryRun: true });
  await seedPlan(pool, wide.syncId, 4_545);
  await seedWideParent(pool, wide.syncId, 50_000);
  await pool.query("analyze");

  const cookie = await signIn(running);
  const memoryBefore = process.memoryUsage().rss;
  const memoryGrowthMib = { pages: 0, export: 0 };
  const growing = { during: "pages" as keyof typeof memoryGrowthMib };
  const watch = setInterval(() => {
    const grown = Math.round((process.memoryUsage().rss - memoryBefore) / 2 ** 20);
    memoryGrowthMib[growing.during] = Math.max(memoryGrowthMib[growing.during], grown);
  }, 20);
  // Asked by another process, so that the memory is the server's alone.
  const client = fork(fileURLToPath(new URL("large-sync/client.ts", import.meta.url)), [
    running.url ?? "",
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
  const seen = await seePages(running.url ?? "", cookie, wide.syncId);
  const result = Object.assign({}, ...asked, { memoryGrowthMib, seen }) as object;
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  await running.close();
  rmSync(home, { recursive: true, force: true });
}
