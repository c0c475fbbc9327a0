// Measures the kernel alone: records in memory, no database.
//   npm run plumbline is not needed:  node -C @plumbline/source bench/engine.ts [flat|tree] [records]
// Prints one line of JSON: seconds for load, diff (1 % changed) and apply, and the peak memory.
import {
  apply,
  type Adapter,
  createMemoryStore,
  createSchema,
  defineModel,
  integer,
  type LoadSummary,
  loadSide,
  type Model,
  type Outcome,
  plan,
  type PlannedChange,
  type RawRecord,
  ref,
  set,
  text,
  type Writer,
} from "@plumbline/sync";

const [shape = "flat", count = "100000"] = process.argv.slice(2);
const records = Number(count);
if ((shape !== "flat" && shape !== "tree") || !Number.isSafeInteger(records) || records < 100) {
  console.error("Usage: bench/engine.ts [flat|tree] [records, 100 or more]");
  process.exit(1);
}

const Tenant = defineModel("tenant", {
  key: { name: text() },
  fields: { note: text().default("") },
});
const Device = defineModel("device", {
  key: { name: text() },
  fields: {
    serial: text(),
    role: text(),
    tenant: ref("tenant").nullable(),
    height: integer().nullable(),
    tags: set(text()).default([]),
  },
});
const Location = defineModel("location", {
  key: { name: text(), parent: ref("location").nullable() },
  parent: "parent",
  fields: { description: text().default(""), tenant: ref("tenant").nullable() },
});

const models: readonly Model[] = shape === "flat" ? [Tenant, Device] : [Tenant, Location];
const schema = createSchema(models);

/** Every hundredth record differs between the sides. */
function* generate(isSource: boolean): Generator<RawRecord[]> {
  const version = (index: number): string =>
    index % 100 === 0 && isSource ? "changed" : "as it was";
  yield Array.from({ length: 50 }, (_, index) => Tenant.record({ name: `Tenant ${index}` }));
  for (let start = 0; start < records; start += 1000) {
    const batch: RawRecord[] = [];
    for (let index = start; index < Math.min(start + 1000, records); index++) {
      const tenant = `Tenant ${index % 50}`;
      batch.push(
        shape === "flat"
          ? Device.record({
              name: `device-${index}`,
              serial: `SN${index * 7919}`,
              role: version(index),
              tenant,
              height: index % 42,
              tags: ["managed", `rack-${index % 10}`],
            })
          : Location.record({
              name: `place-${index}`,
              parent: index < 10 ? null : { name: `place-${index % 10}` },
              description: version(index),
              tenant,
            }),
      );
    }
    yield batch;
  }
}

function adapter(isSource: boolean): Adapter {
  return {
    name: isSource ? "source" : "target",
    models,
    async *load() {
      yield* generate(isSource);
    },
  };
}

const accepting: Writer = {
  batchSize: 1000,
  isTransactional: true,
  async *apply(changes) {
    for (const change of changes) {
      yield { change, status: "applied", targetId: null, error: null } satisfies Outcome;
    }
  },
};

async function seconds<T>(work: () => Promise<T>): Promise<readonly [number, T]> {
  const started = performance.now();
  const result = await work();
  return [Math.round(performance.now() - started) / 1000, result];
}

const store = createMemoryStore(schema);
const load = (side: "source" | "target"): Promise<LoadSummary> =>
  loadSide(adapter(side === "source"), { side, schema, store });
const [loadSeconds, [source, target]] = await seconds(async () => [
  await load("source"),
  await load("target"),
]);
const [diffSeconds, changes] = await seconds(async () => {
  const found: PlannedChange[][] = [];
  for await (const batch of plan(store, schema, { source, target, asksDeletes: true })) {
    found.push(batch);
  }
  return found;
});
const [applySeconds, applied] = await seconds(async () => {
  let outcomes = 0;
  for await (const batch of apply(changes, accepting, { schema })) outcomes += batch.length;
  return outcomes;
});

console.log(
  JSON.stringify({
    shape,
    recordsPerSide: records,
    loadBothSeconds: loadSeconds,
    diffSeconds,
    applySeconds,
    changes: applied,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
