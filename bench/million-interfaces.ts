// How long the lists of a hub with 1,000,000 interfaces take, over HTTP and the embedded PostgreSQL: pages, filters and
// searches, of the pages' API and of the one that Nautobot's clients know. A page comes without its total where that
// takes long to count; `totalMs` is how long the total then took.
// node -C @plumbline/source bench/million-interfaces.ts [interfaces]     prints JSON: milliseconds, the first time
// and the median and most of seven more
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@plumbline/sync";
import { startPlumbline } from "@plumbline/server";
import {
  interfaceRequests,
  searches,
  seedInterfaces,
} from "../packages/server/test/inventory/many-interfaces.ts";
import { signIn } from "./served/sign-in.ts";

const interfaces = Number(process.argv[2] ?? 1_000_000);
const bound = 300;

interface Answers {
  readonly firstMs: number;
  readonly totalMs: number | null;
  readonly medianMs: number;
  readonly mostMs: number;
}

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
  const started = performance.now();
  await seedInterfaces(pool, interfaces);
  const loadSeconds = Math.round((performance.now() - started) / 1000);
  const cookie = await signIn(running);
  const asked = await interfaceRequests(pool, interfaces);
  const paths = [
    ...asked.map(([name, query]) => [`page, ${name}`, `/api/inventory/interfaces?${query}`]),
    ...searches.map(([name, text]) => [name, `/api/search?q=${encodeURIComponent(text)}`]),
    ...asked
      .map(([name, query]) => [`API, ${name}`, `/api/dcim/interfaces/?${query}`])
      // The API's filters ask nothing of what a reference names.
      .filter(([, path]) => !path?.includes("device__name")),
  ];
  const ask = async (path: string) => {
    const asking = performance.now();
    const response = await fetch(`${running.url ?? ""}${path}`, { headers: { cookie } });
    const body = await response.text();
    if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${body}`);
    return { ms: Math.round(performance.now() - asking), body };
  };
  const answers: Record<string, Answers> = {};
  for (const [name = "", path = ""] of paths) {
    // After a change of the hub no count is known any more.
    await pool.query(
      `insert into object_change (model, object_id, action, label)
       select 'tag', id, 'update', name from tags limit 1`,
    );
    const isPage = path.startsWith("/api/inventory/");
    const asPage = isPage ? `${path}&needsTotal=false` : path;
    const first = await ask(asPage);
    const hasNoTotal = first.body.includes('"isTotalExact":false');
    const totalMs = hasNoTotal ? (await ask(path)).ms : null;
    const others: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) others.push((await ask(asPage)).ms);
    others.sort((a, b) => a - b);
    const [medianMs = 0, mostMs = 0] = [others[3], others[6]];
    answers[name] = { firstMs: first.ms, totalMs, medianMs, mostMs };
  }
  const slow = Object.entries(answers)
    .filter(([, { firstMs, medianMs }]) => Math.max(firstMs, medianMs) > bound)
    .map(([name]) => name);
  const size = await pool.query<{ mib: number }>(
    "select (pg_total_relation_size('interfaces') / 1048576)::integer as mib",
  );
  const report = { interfaces, loadSeconds, tableMib: size.rows[0]?.mib, answers, slow };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  await running.close();
  rmSync(home, { recursive: true, force: true });
}
