// The store in PostgreSQL: two sides staged at once and compared, over an embedded PostgreSQL in a
// temporary directory. Prints JSON: seconds, and this process's peak memory.
//   npm run bench:postgres -- [--size 1000000] [--shape flat|tree]
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { createStagingStore, migrate, openDatabase } from "@plumbline/server";
import { loadSide, type LoadSummary, plan, silentLogger } from "@plumbline/sync";
import { watchMachine } from "./compare/machine.ts";
import { createMeter } from "./compare/measured-run.ts";
import { createCompareSchema, createSide } from "./compare/native.ts";
import { expectedSummary } from "./compare/records.ts";
import type { StagedRun } from "./compare/staged-run.ts";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "1000000" },
    shape: { type: "string", default: "flat" },
  },
});
const size = Number(values.size);
const shape = values.shape === "tree" ? "tree" : "flat";
const logger = silentLogger;
const machine = watchMachine();

const root = await mkdtemp(path.join(tmpdir(), "plumbline-bench-"));
// PostgreSQL runs as another user when we are root.
await chmod(root, 0o711);
const database = await openDatabase({ dataDirectory: path.join(root, "data"), logger });
try {
  await migrate(database, { logger });
  const schema = createCompareSchema(shape);
  const options = { shape, size, profile: "canonical", verifies: false } as const;
  const meter = createMeter();
  const store = await createStagingStore({ pool: database.pool, schema, runId: randomUUID() });
  const load = (side: "source" | "target"): Promise<LoadSummary> => {
    const name = side === "source" ? side : "destination";
    return loadSide(createSide(schema, options, name), { side, schema, store });
  };
  const [source, target] = await meter.phase("load_both", () =>
    Promise.all([load("source"), load("target")]),
  );
  meter.mark("after_load");
  const stream = plan(store, schema, { source, target, asksDeletes: true, ceiling: null });
  let changes = 0;
  await meter.phase("diff", async () => {
    for await (const batch of stream) changes += batch.length;
  });
  const expected = expectedSummary(shape, size);
  const { create, update, delete: deletes, unchanged } = stream.summary.totals;
  const isExpected =
    create === expected.create &&
    update === expected.update &&
    deletes === expected.delete &&
    unchanged === expected["no-change"];
  await meter.phase("drop", () => store.close());
  const measured = meter.finish();
  const result: StagedRun = {
    machine: machine(),
    shape,
    size,
    store: "postgres",
    changes,
    summary_as_expected: isExpected,
    ...measured,
  };
  console.log(JSON.stringify(result, null, 2));
} finally {
  await database.close();
  await rm(root, { recursive: true, force: true });
}
