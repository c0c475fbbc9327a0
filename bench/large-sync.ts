// How long the pages of a sync with 110,000 changes take, over HTTP and the embedded PostgreSQL.
// node -C @plumbline/source bench/large-sync.ts     prints JSON: milliseconds (median and most of 7) and bytes
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@plumbline/sync";
import { startPlumbline } from "@plumbline/server";
import { largeSyncPages, wideParentPages } from "../packages/server/test/rest/large-sync-pages.ts";
import {
  seedHolds,
  seedOutcomes,
  seedPlan,
  seedSync,
  seedWideParent,
} from "../packages/server/test/rest/seed.ts";

const home = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
const running = await startPlumbline({
  folder: home,
  dataDirectory: join(home, "data"),
  roles: { web: true, worker: false },
  port: 0,
  host: "127.0.0.1",
  webRoot: null,
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

  const cookie = await signIn();
  const memoryBefore = process.memoryUsage().rss;
  const pages: Record<string, { medianMs: number; mostMs: number; bytes: number }> = {};
  for (const [name, path] of [...largeSyncPages(sync.syncId), ...wideParentPages(wide.syncId)]) {
    const times: number[] = [];
    let bytes = 0;
    for (let attempt = 0; attempt < 7; attempt++) {
      const started = performance.now();
      const response = await fetch(`${running.url ?? ""}${path}`, { headers: { cookie } });
      bytes = (await response.arrayBuffer()).byteLength;
      if (!response.ok) throw new Error(`${name}: ${String(response.status)}`);
      times.push(Math.round(performance.now() - started));
    }
    times.sort((a, b) => a - b);
    pages[name] = { medianMs: times[3] ?? 0, mostMs: times[6] ?? 0, bytes };
  }
  // An export of every change is read and let go, as a client that writes it to a file does.
  const exported = await fetch(
    `${running.url ?? ""}/api/ssot/syncs/${wide.syncId}/changes/export?format=json`,
    { headers: { cookie } },
  );
  let exportedBytes = 0;
  let memoryMost = process.memoryUsage().rss;
  for await (const chunk of (exported.body ?? []) as AsyncIterable<Uint8Array>) {
    exportedBytes += chunk.byteLength;
    memoryMost = Math.max(memoryMost, process.memoryUsage().rss);
  }
  const memoryGrowthBytes = memoryMost - memoryBefore;
  process.stdout.write(`${JSON.stringify({ pages, exportedBytes, memoryGrowthBytes }, null, 2)}\n`);
} finally {
  await running.close();
  rmSync(home, { recursive: true, force: true });
}

async function signIn(): Promise<string> {
  const token = new URL(running.setupLink ?? "").searchParams.get("token");
  const response = await fetch(`${running.url ?? ""}/api/setup`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: running.url ?? "" },
    body: JSON.stringify({ token, username: "bench", password: "a bench of oak" }),
  });
  if (!response.ok) throw new Error(`The set-up was refused: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((each) => each.split(";")[0] ?? "")
    .join("; ");
}
