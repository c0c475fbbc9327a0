import {
  type Adapter,
  apply,
  boolean,
  type Change,
  createMemoryStore,
  createSchema,
  defineModel,
  integer,
  loadSide,
  mac,
  type Outcome,
  plan,
  type PlannedChange,
  type PlanSummary,
  type RawRecord,
  ref,
  type Schema,
  text,
  type Writer,
} from "@plumbline/sync";
import { createMeter, type MeasuredRun, type RunOptions } from "./measured-run.ts";
import {
  device,
  deviceCount,
  expectedSummary,
  interfacesPerDevice,
  isPresent,
  port,
  type Shape,
  type Side,
  siteName,
  type Summary,
} from "./records.ts";

const Device = defineModel("device", {
  key: { site: text(), name: text() },
  fields: {
    role: text(),
    status: text(),
    serial: text(),
    device_type: text(),
    position: integer(),
    comments: text(),
  },
});
const Interface = defineModel("interface", {
  key: { device: ref("device"), name: text() },
  parent: "device",
  fields: { enabled: boolean(), mtu: integer(), mac: mac(), description: text() },
});

const batchSize = 100;

/** The records of a side, in the peer's order: a device's interfaces, then the device. */
function* generate({ shape, size, profile }: RunOptions, side: Side): Generator<RawRecord[]> {
  let batch: RawRecord[] = [];
  for (let index = 0; index < deviceCount(shape, size); index++) {
    if (!isPresent(index, side)) continue;
    if (shape === "tree") {
      for (let place = 0; place < interfacesPerDevice; place++) {
        const row = port(index, place, side, profile);
        batch.push(Interface.record({ ...row, device: [siteName(index), row.device] }));
      }
    }
    batch.push(Device.record({ ...device(index, side, profile) }));
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

export function createCompareSchema(shape: Shape): Schema {
  return createSchema(shape === "flat" ? [Device] : [Device, Interface]);
}

/** A side by formula, and over it what was written to it. */
export function createSide(
  schema: Schema,
  options: RunOptions,
  side: Side,
): Adapter & { readonly writer: () => Writer } {
  const written = new Map<string, Change>();
  const address = (model: string, key: string): string => `${model} ${key}`;

  function current(record: RawRecord): RawRecord | null {
    const parts = record.model.keyNames.map((name) => record.values[name]);
    const change = written.get(address(record.model.name, schema.encodeKey(record.model, parts)));
    if (!change) return record;
    if (change.action === "delete") return null;
    return { ...record, values: { ...record.values, ...change.after } };
  }

  return {
    name: side,
    models: schema.models,
    async *load() {
      for (const batch of generate(options, side)) {
        yield written.size === 0 ? batch : batch.map(current).filter((record) => record !== null);
      }
      for (const { action, model, after } of written.values()) {
        if (action === "create") yield schema.model(model).canonical(after ?? {});
      }
    },
    writer: () => ({
      batchSize,
      isTransactional: true,
      async *apply(changes) {
        for (const change of changes) {
          written.set(address(change.model, change.key), change);
          yield { change, status: "applied", targetId: null, error: null } satisfies Outcome;
        }
      },
    }),
  };
}

/** A whole cycle through the package's main entry. */
export async function runNative(options: RunOptions): Promise<MeasuredRun> {
  const schema = createCompareSchema(options.shape);
  const source = createSide(schema, options, "source");
  const destination = createSide(schema, options, "destination");
  const meter = createMeter();

  const store = createMemoryStore(schema);
  const fromSource = await meter.phase("load_source", () =>
    loadSide(source, { side: "source", schema, store }),
  );
  const fromTarget = await meter.phase("load_destination", () =>
    loadSide(destination, { side: "target", schema, store }),
  );
  meter.mark("after_load");
  const stream = plan(store, schema, {
    source: fromSource,
    target: fromTarget,
    asksDeletes: true,
    ceiling: null,
  });
  const changes: PlannedChange[][] = [];
  await meter.phase("diff", async () => {
    for await (const batch of stream) changes.push(batch);
  });
  meter.mark("after_diff");
  const summary = await meter.phase("summary", () => countsOf(stream.summary));
  const dictionary = await meter.phase("dict", () => byModel(changes));
  let failed = 0;
  await meter.phase("sync", async () => {
    for await (const outcomes of apply(changes, destination.writer(), { schema })) {
      for (const { status } of outcomes) if (status !== "applied") failed += 1;
    }
  });
  const measured = meter.finish();
  return {
    ...measured,
    summary,
    summary_as_expected:
      JSON.stringify(summary) === JSON.stringify(expectedSummary(options.shape, options.size)),
    dict_top_level_entries: Object.values(dictionary).reduce(
      (sum, entries) => sum + Object.keys(entries).length,
      0,
    ),
    converged_after_sync: options.verifies
      ? failed === 0 && (await isConverged(schema, source, destination))
      : null,
  };
}

function countsOf({ totals }: PlanSummary): Summary {
  return {
    create: totals.create,
    update: totals.update,
    delete: totals.delete,
    "no-change": totals.unchanged,
    skip: totals.shielded,
  };
}

interface Entry {
  readonly "+"?: unknown;
  readonly "-"?: unknown;
}

/** What differs as plain nested data: model, key, and the values on either side. */
function byModel(
  changes: readonly (readonly PlannedChange[])[],
): Record<string, Record<string, Entry>> {
  const models: Record<string, Record<string, Entry>> = {};
  for (const batch of changes) {
    for (const { model, key, before, after } of batch) {
      const entries = (models[model] ??= {});
      entries[key] = { ...(after && { "+": { ...after } }), ...(before && { "-": { ...before } }) };
    }
  }
  return models;
}

async function isConverged(
  schema: Schema,
  source: Adapter,
  destination: Adapter,
): Promise<boolean> {
  const store = createMemoryStore(schema);
  const again = plan(store, schema, {
    source: await loadSide(source, { side: "source", schema, store }),
    target: await loadSide(destination, { side: "target", schema, store }),
    asksDeletes: true,
    ceiling: null,
  });
  let count = 0;
  for await (const batch of again) count += batch.length;
  return count === 0;
}
