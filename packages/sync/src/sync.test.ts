import { describe, expect, it } from "vitest";
import type { Adapter } from "./adapter.ts";
import { defineModel } from "./define-model.ts";
import {
  CancelledError,
  InvalidDeclarationError,
  InvalidInputError,
  UnsupportedOperationError,
} from "./errors.ts";
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

  it("tells of each step what it did, in order", async () => {
    const events: SyncEvent[] = [];
    const source: Adapter = {
      name: "source",
      models: [Tag],
      async *load({ logger }) {
        logger.info("asking", { page: 1 });
        logger.debug("asked");
        logger.warning("slow");
        logger.error("very slow");
        yield tags("a", "b", "c");
      },
    };
    const target = createMemoryAdapter("target", schema, tags("b", "d"));
    const onEvent = (event: SyncEvent): void => void events.push(event);
    await sync({ schema, source, target, isDryRun: false, onEvent });

    const of = (side: "source" | "target"): readonly SyncEvent[] =>
      events.filter(
        (event) =>
          ("phase" in event && event.phase === `load-${side}`) ||
          (event.type === "loaded" && event.side === side),
      );
    for (const [side, count, total] of [
      ["source", 3, null],
      ["target", 2, 2],
    ] as const) {
      const phase = `load-${side}`;
      expect([...new Map(of(side).map((event) => [event.type, event])).values()]).toMatchObject([
        { type: "phase-started", phase },
        { type: "phase-progress", phase, model: "tag", done: count, total },
        { type: "loaded", side, summary: { side, counts: { tag: count } } },
        { type: "phase-finished", phase },
      ]);
    }
    expect(events.filter(({ type }) => type === "log")).toEqual([
      { type: "log", level: "info", message: "asking", details: { page: 1 } },
      { type: "log", level: "debug", message: "asked", details: null },
      { type: "log", level: "warning", message: "slow", details: null },
      { type: "log", level: "error", message: "very slow", details: null },
    ]);
    const rest = events.filter(
      (event) =>
        event.type !== "log" &&
        event.type !== "loaded" &&
        !("phase" in event && /load/.test(event.phase)),
    );
    expect(rest).toMatchObject([
      { type: "phase-started", phase: "plan" },
      { type: "phase-progress", phase: "plan", model: "tag", done: 3, total: 3 },
      { type: "planned", summary: { totals: { create: 2, delete: 1, held: 1 } } },
      { type: "phase-finished", phase: "plan" },
      { type: "phase-started", phase: "apply" },
      { type: "outcomes", counts: { applied: 2, failed: 0 } },
      { type: "phase-progress", phase: "apply", model: null, done: 2, total: 2 },
      { type: "phase-finished", phase: "apply" },
    ]);
    for (const event of events) {
      if (event.type === "phase-finished") expect(event.durationMs).toBeLessThan(60_000);
    }
  });

  it("tells of findings as they are found", async () => {
    const events: SyncEvent[] = [];
    const source: Adapter = {
      name: "source",
      models: [Tag],
      async *load() {
        yield tags("a", "a");
      },
    };
    const { findings } = await sync({
      schema,
      source,
      target: createMemoryAdapter("target", schema),
      isDryRun: true,
      onEvent: (event) => events.push(event),
    });
    expect(findings).toMatchObject([{ kind: "duplicate" }]);
    expect(events.filter(({ type }) => type === "finding")).toEqual([
      { type: "finding", finding: findings[0] },
    ]);
  });

  it("asks for no writer where there is nothing to apply", async () => {
    const { writer: _writer, ...fixed } = createMemoryAdapter("fixed", schema, tags("a", "b"));
    let isAsked = false;
    const target: Adapter = {
      ...fixed,
      writer() {
        isAsked = true;
        throw new Error("not now");
      },
    };
    const source = createMemoryAdapter("source", schema, tags("a"));
    const phases: string[] = [];
    const result = await sync({
      schema,
      source,
      target,
      isDryRun: false,
      onEvent(event) {
        if ("phase" in event) phases.push(event.phase);
      },
    });
    expect(result.summary.totals).toMatchObject({ delete: 1, held: 1 });
    expect([isAsked, phases.includes("apply")]).toEqual([false, false]);
  });

  it("gives the writer its signal and its logger", async () => {
    const inner = createMemoryAdapter("target", schema);
    let given: unknown;
    const target: Adapter = {
      ...inner,
      writer(context) {
        given = context;
        return inner.writer(context);
      },
    };
    const { signal } = new AbortController();
    const source = createMemoryAdapter("source", schema, tags("a"));
    await sync({ schema, source, target, isDryRun: false, signal });
    expect(given).toMatchObject({ signal, logger: { info: expect.any(Function) as unknown } });
  });

  it("reads nothing where its scope or its rules do not fit", async () => {
    let isRead = false;
    const source: Adapter = {
      name: "source",
      models: [Tag],
      async *load() {
        isRead = true;
        yield [];
      },
    };
    const options = { schema, source, target: source, isDryRun: true };
    await expect(sync({ ...options, scope: { rack: [] } })).rejects.toThrow(InvalidInputError);
    await expect(sync({ ...options, ignore: [{ model: "rack" }] })).rejects.toThrow(
      InvalidDeclarationError,
    );
    await expect(sync({ ...options, isDryRun: false })).rejects.toThrow(
      "source can only be read. Make it the source, or ask for a dry run.",
    );
    expect(isRead).toBe(false);
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
