import { describe, expect, it } from "vitest";
import type { Adapter } from "./adapter.ts";
import { defineModel } from "./define-model.ts";
import { CancelledError, UnsupportedOperationError } from "./errors.ts";
import type { SyncEvent } from "./event.ts";
import { text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { sync } from "./sync.ts";
import { createMemoryAdapter } from "./testing/memory-adapter.ts";

const Tag = defineModel("tag", { key: { name: text() }, fields: { note: text().default("") } });
const Other = defineModel("other", { key: { name: text() }, fields: {} });
const schema = createSchema([Tag]);
const tags = (...names: string[]) => names.map((name) => Tag.record({ name }));

describe("a sync", () => {
  it("loads, plans and applies, and tells what happens", async () => {
    const events: SyncEvent[] = [];
    const target = createMemoryAdapter("target", schema, tags("b"));
    const result = await sync({
      schema,
      source: createMemoryAdapter("source", schema, tags("a", "b")),
      target,
      isDryRun: false,
      onEvent: (event) => events.push(event),
    });
    expect(result.outcomeCounts).toMatchObject({ applied: 1, failed: 0 });
    expect(target.records().map(({ values }) => values["name"])).toEqual(["a", "b"]);
    const phases = events.flatMap((event) =>
      event.type === "phase-finished" ? [event.phase] : [],
    );
    expect(phases.slice(0, 2).sort()).toEqual(["load-source", "load-target"]);
    expect(phases.slice(2)).toEqual(["plan", "apply"]);
    expect(events.some(({ type }) => type === "planned")).toBe(true);
    expect(events.findLast((event) => event.type === "outcomes")).toMatchObject({
      counts: { applied: 1 },
    });
  });

  it("writes nothing in a dry run", async () => {
    const target = createMemoryAdapter("target", schema);
    const source = createMemoryAdapter("source", schema, tags("a"));
    const result = await sync({ schema, source, target, isDryRun: true });
    expect(result.summary.totals.create).toBe(1);
    expect(result.outcomes).toEqual([]);
    expect(target.records()).toEqual([]);
  });

  it("writes nothing when a load fails, and stops the other load", async () => {
    const target = createMemoryAdapter("target", schema);
    let wasStopped = false;
    const endless: Adapter = {
      name: "endless",
      models: [Tag],
      async *load({ signal }) {
        yield tags("a");
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        wasStopped = true;
      },
    };
    const broken: Adapter = {
      name: "broken",
      models: [Tag],
      async *load() {
        yield tags("a");
        throw new Error("connection cut");
      },
    };
    await expect(sync({ schema, source: broken, target, isDryRun: false })).rejects.toThrow(
      "connection cut",
    );
    expect(target.records()).toEqual([]);
    await expect(sync({ schema, source: broken, target: endless, isDryRun: true })).rejects.toThrow(
      "connection cut",
    );
    expect(wasStopped).toBe(true);
  });

  it("is refused before it starts when a side cannot do it", async () => {
    const source = createMemoryAdapter("source", schema, tags("a"));
    const { writer: _writer, ...fixed } = createMemoryAdapter("fixed", schema);
    await expect(sync({ schema, source, target: fixed, isDryRun: false })).rejects.toThrow(
      /fixed can only be read/,
    );
    await expect(sync({ schema, source, target: fixed, isDryRun: true })).resolves.toBeDefined();
    const without: Adapter = { ...fixed, name: "other", models: [Other] };
    await expect(sync({ schema, source, target: without, isDryRun: true })).rejects.toThrow(
      /no model in common/,
    );
    await expect(
      sync({ schema, source, target: without, models: [Tag], isDryRun: true }),
    ).rejects.toThrow(UnsupportedOperationError);
  });

  it("writes nothing when cancelled before applying", async () => {
    const controller = new AbortController();
    const target = createMemoryAdapter("target", schema);
    const source = createMemoryAdapter("source", schema, tags("a"));
    const onEvent = ({ type }: SyncEvent): void => {
      if (type === "planned") controller.abort();
    };
    const running = sync({
      schema,
      source,
      target,
      isDryRun: false,
      signal: controller.signal,
      onEvent,
    });
    await expect(running).rejects.toThrow(CancelledError);
    expect(target.records()).toEqual([]);
  });
});
