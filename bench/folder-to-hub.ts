// Folder → hub through the whole product: embedded PostgreSQL, queue, worker, run process, record, audit.
// node -C @plumbline/source bench/folder-to-hub.ts [--size 100000]     prints JSON
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isFinal, silentLogger } from "@plumbline/sync";
import {
  carryOut,
  getJobResult,
  getSync,
  openPlumbline,
  readModels,
  type StartedRun,
  startSync,
  startWorker,
} from "@plumbline/server";

const { values } = parseArgs({ options: { size: { type: "string", default: "100000" } } });
const size = Number(values.size);

// Inside the checkout, so that the configuration finds the packages it imports.
const cache = fileURLToPath(new URL("../.cache/", import.meta.url));
mkdirSync(cache, { recursive: true });
const home = mkdtempSync(join(cache, "bench-"));
writeEstate(join(home, "estate"));
writeFileSync(
  join(home, "plumbline.config.ts"),
  `import { defineConfig } from "@plumbline/plugin-kit";
import { folder } from "@plumbline/integrations/folder";
export default defineConfig({ connections: { estate: folder({ path: ${JSON.stringify(join(home, "estate"))} }) } });
`,
);

const opened = await openPlumbline({
  folder: home,
  dataDirectory: join(home, "data"),
  whenInUse: "refuse",
  logger: silentLogger,
});
const worker = await startWorker({ ...opened, logger: silentLogger });
try {
  const creating = await run();
  const nothingToDo = await run();
  const undo = await takeBack(creating.syncId, "undo");
  const rollback = await takeBack(creating.syncId, "rollback");
  // Everything comes back, with all of its values.
  const rollbackOfIt = await takeBack(rollback.syncId, "rollback");
  const { rows } = await opened.database.pool.query<{ addresses: number; audited: number }>(
    `select (select count(*) from ip_addresses)::int as addresses,
            (select count(*) from object_change where model = 'ip_address')::int as audited`,
  );
  const steps = { creating, nothingToDo, undo, rollback, rollbackOfIt };
  process.stdout.write(`${JSON.stringify({ size, ...steps, ...rows[0] }, null, 2)}\n`);
} finally {
  await worker.stop();
  await opened.close();
  rmSync(home, { recursive: true, force: true });
}

async function run() {
  const started = await startSync(opened, {
    jobId: "folder-estate-source",
    isDryRun: false,
    variables: {},
    user: null,
  });
  return measured(started);
}

async function takeBack(syncId: string, verb: "undo" | "rollback") {
  return measured(await carryOut(opened, { syncId, verb, user: null }));
}

async function measured({ jobResultId, syncId }: StartedRun) {
  const { kysely } = opened.database;
  let result = await getJobResult(kysely, jobResultId);
  while (!isFinal(result.status)) {
    await sleep(100);
    result = await getJobResult(kysely, jobResultId);
  }
  const sync = await getSync(opened.database, await readModels(opened.database), syncId);
  return {
    syncId,
    status: sync.status,
    sentence: sync.sentence,
    reason: sync.statusReason,
    seconds: (sync.durationMs ?? 0) / 1000,
    phases: Object.fromEntries(
      sync.phases.map(({ phase, durationMs, done }) => {
        const seconds = (durationMs ?? 0) / 1000;
        return [
          phase,
          { seconds, done, perSecond: seconds > 0 ? Math.round(done / seconds) : null },
        ];
      }),
    ),
    peakMemoryMib: Math.round((sync.peakMemoryBytes ?? 0) / 2 ** 20),
  };
}

/** An estate with `size` addresses, 250 in each prefix of /24. */
function writeEstate(path: string): void {
  mkdirSync(path);
  const save = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(path, name), `${lines.join("\n")}\n`);
  const types = "dcim.location|ipam.prefix|ipam.ipaddress";
  save("statuses.csv", ["name,color,content_types", `Active,4caf50,${types}`]);
  save("tags.csv", ["name,color,content_types", `managed,3f51b5,${types}`]);
  const tenants = Array.from({ length: 50 }, (_, n) => `Tenant ${String(n)}`);
  save("tenants.csv", ["name", ...tenants]);
  save("location_types.csv", ["name,content_types", "Site,ipam.prefix"]);
  save("locations.csv", ["name,location_type,status", "Berlin,Site,Active"]);
  save("namespaces.csv", ["name", "Global"]);
  const prefixes = Math.ceil(size / 250);
  const network = (n: number): string => `10.${String(n >> 8)}.${String(n & 255)}`;
  save("prefixes.csv", [
    "namespace,prefix,type,status",
    "Global,10.0.0.0/8,container,Active",
    ...Array.from({ length: prefixes }, (_, n) => `Global,${network(n)}.0/24,network,Active`),
  ]);
  save("ip_addresses.csv", [
    "namespace,host,mask_length,type,status,dns_name,tenant,description,tags",
    ...Array.from({ length: size }, (_, n) => {
      const host = `${network(Math.floor(n / 250))}.${String((n % 250) + 1)}`;
      const tenant = tenants[n % tenants.length] ?? "";
      return `Global,${host},24,host,Active,host-${String(n)}.example,${tenant},Host ${String(n)},${n % 10 === 0 ? "managed" : ""}`;
    }),
  ]);
}
