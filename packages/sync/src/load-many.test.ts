import { describe, expect, it } from "vitest";
import type { Adapter, LoadContext } from "./adapter.ts";
import { defineModel } from "./define-model.ts";
import { CancelledError } from "./errors.ts";
import { loadSide, type LoadOptions } from "./load-side.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { RawRecord } from "./record.ts";
import { text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";

const Site = defineModel("site", { key: { name: text() }, fields: {} });
const schema = createSchema([Site]);

function giving(give: (context: LoadContext) => Iterable<RawRecord | RawRecord[]>): Adapter {
  return {
    name: "Lab",
    models: [Site],
    async *load(context) {
      yield* give(context);
    },
  };
}

function* sites(count: number): Generator<RawRecord> {
  for (let name = 0; name < count; name += 1) yield Site.record({ name: String(name) });
}

async function load(adapter: Adapter, options: Partial<LoadOptions> = {}): Promise<number> {
  const store = createMemoryStore(schema);
  await loadSide(adapter, { side: "target", schema, store, ...options });
  await store.seal("source");
  return store.count("target", "site");
}

describe("loading many records", () => {
  it("keeps every one, given singly or in arrays of any size", async () => {
    expect(await load(giving(() => sites(2501)))).toBe(2501);
    expect(await load(giving(() => [[...sites(2501)]]))).toBe(2501);
  });

  it("tells how far it has come each thousand or so, and at the end", async () => {
    const seen: number[] = [];
    await load(
      giving(() => sites(2501)),
      { onProgress: ({ done }) => seen.push(done) },
    );
    expect(seen.at(-1)).toBe(2501);
    expect([...seen]).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(seen.length).toBeLessThan(10);
    expect(seen[0]).toBeGreaterThanOrEqual(1000);
  });

  it("hands them to the store in batches", async () => {
    const store = createMemoryStore(schema);
    const sizes: number[] = [];
    const add: typeof store.add = (side, model, records) => {
      sizes.push(records.length);
      return store.add(side, model, records);
    };
    const watched = { ...store, add };
    await loadSide(
      giving(() => sites(120)),
      { side: "source", schema, store: watched },
    );
    expect(sizes).toEqual([50, 50, 20]);
  });

  it("lets the rest of the process in now and then", async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 0);
    try {
      await load(giving(() => sites(45_000)));
    } finally {
      clearInterval(timer);
    }
    expect(ticks).toBeGreaterThanOrEqual(2);
  });

  it("stops in the middle once it is cancelled", async () => {
    const controller = new AbortController();
    let given = 0;
    const adapter = giving(function* () {
      for (const site of sites(1000)) {
        given += 1;
        if (given === 10) controller.abort();
        yield site;
      }
    });
    await expect(load(adapter, { signal: controller.signal })).rejects.toThrow(CancelledError);
    expect(given).toBeLessThan(1000);
  });

  it("notes in the log that an adapter gave more than it declared", async () => {
    const lines: string[] = [];
    const quiet = (): void => undefined;
    const logger = {
      debug: quiet,
      info: (line: string) => lines.push(line),
      warning: quiet,
      error: quiet,
    };
    const declaring = (total: number): Adapter =>
      giving((context) => {
        context.expect(Site, total);
        return sites(2);
      });
    await load(declaring(1), { logger });
    expect(lines).toEqual(["Lab declared 1 Sites and gave 2."]);
    await load(declaring(2), { logger });
    await load(
      giving(() => sites(2)),
      { logger },
    );
    expect(lines).toHaveLength(1);
  });
});
