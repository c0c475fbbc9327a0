// Creates addresses in a fresh hub on the bundled PostgreSQL, validated and with an audit row each, and
// reads them back. Prints one line of JSON. Usage: node -C @plumbline/source bench/hub.ts [addresses]
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { hubModels } from "@plumbline/models";
import {
  type Canonical,
  type Change,
  createSchema,
  type Model,
  silentLogger,
} from "@plumbline/sync";
import { createHubAdapter, migrate, openDatabase } from "@plumbline/server";

const count = Number(process.argv[2] ?? 100_000);
const schema = createSchema(hubModels.map(({ model }) => model));
const contentTypes = hubModels.map(({ contentType }) => contentType);

function create(name: string, values: Record<string, unknown>): Change {
  const model: Model = schema.model(name);
  const after: Record<string, Canonical> = {};
  for (const fieldName of model.names) {
    const field = model.field(fieldName);
    if (field.isDerived) continue;
    after[fieldName] = field.normalise(values[fieldName], schema.encodeReference);
  }
  const key = schema.encodeKey(
    model,
    model.keyNames.map((part) => values[part]),
  );
  return {
    model: name,
    action: "create",
    key,
    label: key,
    parentModel: null,
    parentKey: null,
    before: null,
    after,
    fields: [],
    rank: 0,
    targetId: null,
    targetVersion: null,
    sourceId: null,
  };
}

function prefixes(): Change[] {
  const networks = ["10.0.0.0/8"];
  for (let site = 0; site * 65_536 < count; site++) networks.push(`10.${site}.0.0/16`);
  for (let net = 0; net * 250 < count; net++) networks.push(`10.${net >> 8}.${net & 255}.0/24`);
  return networks.map((prefix) =>
    create("prefix", { namespace: "Global", prefix, status: "Active", type: "network" }),
  );
}

function addresses(): Change[] {
  return Array.from({ length: count }, (_, index) => {
    const net = Math.floor(index / 250);
    return create("ip_address", {
      namespace: "Global",
      host: `10.${net >> 8}.${net & 255}.${1 + (index % 250)}`,
      mask_length: 24,
      status: "Active",
      tenant: index % 2 === 0 ? "Acme" : null,
      dns_name: `host-${index}.example.net`,
      description: "Uplink of a switch",
      tags: index % 10 === 0 ? ["edge"] : [],
    });
  });
}

const directory = await mkdtemp(path.join(tmpdir(), "plumbline-bench-"));
// PostgreSQL runs as nobody when this runs as root.
await chmod(directory, 0o711);
const database = await openDatabase({ dataDirectory: directory, logger: silentLogger });
try {
  await migrate(database, { logger: silentLogger });
  const context = { signal: new AbortController().signal, logger: silentLogger };
  const adapter = createHubAdapter(database, schema.models);
  const writer = await adapter.writer?.(context);
  if (!writer) throw new Error("The hub has no writer.");
  const hub = writer;
  const failures: string[] = [];

  async function apply(changes: readonly Change[]): Promise<number> {
    const started = performance.now();
    for (let start = 0; start < changes.length; start += hub.batchSize) {
      for await (const outcome of hub.apply(changes.slice(start, start + hub.batchSize), context)) {
        if (outcome.status !== "applied") failures.push(outcome.error?.message ?? outcome.status);
      }
    }
    return (performance.now() - started) / 1000;
  }

  await apply([create("status", { name: "Active", content_types: contentTypes })]);
  await apply([
    create("tag", { name: "edge", content_types: contentTypes }),
    create("tenant", { name: "Acme" }),
    create("namespace", { name: "Global" }),
  ]);
  const networks = prefixes();
  const prefixSeconds = await apply(networks);
  const hosts = addresses();
  const createSeconds = await apply(hosts);
  await hub.finish?.(context);

  const started = performance.now();
  let loaded = 0;
  const load = {
    ...context,
    scope: null,
    expect: () => undefined,
    report: () => undefined,
    incomplete: () => undefined,
    absent: () => undefined,
    unkeyed: () => undefined,
  };
  for await (const records of adapter.load(load))
    loaded += Array.isArray(records) ? records.length : 1;
  const loadSeconds = (performance.now() - started) / 1000;

  const round = (value: number): number => Math.round(value * 100) / 100;
  console.log(
    JSON.stringify({
      bench: "hub",
      prefixes: networks.length,
      prefixSeconds: round(prefixSeconds),
      addresses: count,
      createSeconds: round(createSeconds),
      createsPerSecond: Math.round(count / createSeconds),
      loaded,
      loadSeconds: round(loadSeconds),
      failures: failures.length,
      firstFailure: failures[0] ?? null,
      peakMemoryMib: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
} finally {
  await database.close();
  await rm(directory, { recursive: true, force: true });
}
