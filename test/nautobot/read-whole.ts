import { type HubModel, hubModels, syncedModels } from "@plumbline/models";
import { fromEnvironment } from "@plumbline/plugin-kit";
import {
  createMemoryStore,
  createSchema,
  type Finding,
  loadSide,
  type Logger,
  silentLogger,
  sync,
} from "@plumbline/sync";
import { createMemoryAdapter } from "@plumbline/sync/testing";
import { describe, expect, it } from "vitest";
import { nautobot } from "@plumbline/integrations/nautobot";

const url = process.env["NAUTOBOT_URL"] ?? "";
const token = fromEnvironment("NAUTOBOT_TOKEN");
const models = syncedModels;
const schema = createSchema(models);

async function open(logger: Logger = silentLogger) {
  const [job] = nautobot({
    url,
    token,
    verifyTls: process.env["NAUTOBOT_VERIFY_TLS"] !== "0",
  }).jobs("test");
  return job!.open({
    models,
    variables: {},
    hub: {
      name: "hub",
      adapter: () => createMemoryAdapter("hub", schema),
      lookup: () => Promise.resolve(null),
    },
    logger,
    signal: new AbortController().signal,
    dataDirectory: "/nonexistent",
  });
}

/** What Nautobot's own REST API counts. */
async function count({ restPath }: HubModel): Promise<number> {
  const answer = await fetch(`${url}/api/${restPath}/?limit=1`, {
    headers: { authorization: `Token ${token.reveal()}` },
  });
  return ((await answer.json()) as { count: number }).count;
}

describe(`the Nautobot at ${url}`, () => {
  it("is read whole: the counts of each type are its own", async () => {
    const own = Object.fromEntries(
      await Promise.all(
        hubModels
          .filter(({ model }) => models.includes(model))
          .map(async (hub) => [hub.model.name, await count(hub)] as const),
      ),
    );
    const store = createMemoryStore(schema);
    const findings: Finding[] = [];
    const warnings: string[] = [];
    const start = performance.now();

    const summary = await loadSide(
      await open({ ...silentLogger, warning: (message) => void warnings.push(message) }),
      { side: "source", schema, store, onFinding: (finding) => findings.push(finding) },
    );

    const seconds = (performance.now() - start) / 1000;
    const total = Object.values(summary.counts).reduce((sum, each) => sum + each, 0);
    process.stdout.write(
      `${JSON.stringify({ counts: summary.counts, total, seconds: Number(seconds.toFixed(2)), perSecond: Math.round(total / seconds) })}\n`,
    );
    expect(summary.counts).toEqual(own);
    expect(summary.incomplete).toEqual({});
    expect(warnings).toEqual([]);
    expect(findings).toEqual([]);
  });

  it("agrees with a hub after one sync", async () => {
    const target = createMemoryAdapter("hub", schema);
    const run = { schema, target, isDryRun: false, asksDeletes: true };

    const first = await sync({ ...run, source: await open() });
    const second = await sync({ ...run, source: await open() });

    // Primary addresses of devices are written by a second step of the create.
    const objects = first.changes.filter(({ step }) => step === undefined);
    expect(first.outcomeCounts).toEqual({
      applied: objects.length,
      failed: 0,
      skipped: 0,
      stale: 0,
      cancelled: 0,
    });
    expect(objects.every(({ action }) => action === "create")).toBe(true);
    expect(second.changes).toEqual([]);
    expect(second.summary.totals.unchanged).toBe(objects.length);
  });
});
