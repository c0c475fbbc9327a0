import { describe, expect, it, vi } from "vitest";
import type { Adapter, LoadContext } from "./adapter.ts";
import { defineModel } from "./define-model.ts";
import { CancelledError, InvalidDeclarationError } from "./errors.ts";
import type { Finding } from "./finding.ts";
import { loadSide, type LoadOptions, type LoadSummary } from "./load-side.ts";
import { createMemoryStore, type SideTable } from "./memory-store.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { integer, text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";

const Namespace = defineModel("namespace", { key: { name: text() }, fields: {} });
const Prefix = defineModel("prefix", {
  plural: "prefixes",
  pluralLabel: "Prefixes",
  key: { namespace: ref("namespace"), network: text() },
  fields: { size: integer().nullable() },
});
const Address = defineModel("address", {
  key: { namespace: ref("namespace").through("parent"), host: text() },
  fields: { parent: ref("prefix").derived(), note: text().default("") },
});
const schema = createSchema([Namespace, Prefix, Address]);
const inGlobal = { namespace: "Global", network: "10/8" };

interface Loaded {
  readonly summary: LoadSummary;
  readonly findings: readonly Finding[];
  readonly table: (model: string) => SideTable;
}

async function load(
  give: (context: LoadContext) => Iterable<RawRecord | readonly RawRecord[]>,
  options: Partial<LoadOptions> & Partial<Pick<Adapter, "provides">> = {},
): Promise<Loaded> {
  const store = createMemoryStore(schema);
  const findings: Finding[] = [];
  const adapter: Adapter = {
    name: "Test",
    models: schema.models,
    async *load(context) {
      yield* give(context);
    },
  };
  if (options.provides) adapter.provides = options.provides;
  const summary = await loadSide(adapter, {
    side: "source",
    schema,
    store,
    onFinding: (finding) => findings.push(finding),
    ...options,
  });
  return { summary, findings, table: (model) => store.table("source", model) };
}

describe("a record that is too large", () => {
  const long = (length: number): string => "x".repeat(length);

  it("is loaded without the largest of its values, which is told", async () => {
    const { summary, findings, table } = await load(() => [
      Address.record({ namespace: "Global", host: "fits", note: long(149_000) }),
      Address.record({ namespace: "Global", host: "does not", note: long(150_000) }),
    ]);
    expect(findings).toMatchObject([
      {
        kind: "bad-value",
        key: '[["Global"],"does not"]',
        field: "note",
        message: expect.stringContaining(
          "note has 150000 characters, and all values of an object may have 150000 together",
        ) as string,
      },
    ]);
    expect(summary.incomplete).toEqual({});
    expect(table("address").get('[["Global"],"does not"]')?.values[3]).toBeUndefined();
    expect(table("address").isShielded('[["Global"],"does not"]')).toBe(true);
    expect(table("address").isShielded('[["Global"],"fits"]')).toBe(false);
  });

  it("leaves its model incomplete where that is its key", async () => {
    const { summary, findings, table } = await load(() => [
      Namespace.record({ name: long(1_990) }),
      Namespace.record({ name: long(2_000) }),
    ]);
    expect(findings[0]).toMatchObject({ kind: "bad-value", key: null, field: "name" });
    expect(summary.incomplete).toHaveProperty("namespace");
    expect(table("namespace").size).toBe(1);
  });
});

describe("loading a side", () => {
  it("takes records singly and in arrays, and counts them", async () => {
    const { summary, table } = await load(() => [
      Namespace.record({ name: "a" }),
      [Namespace.record({ name: "b" }), Prefix.record({ ...inGlobal, size: 3 }, { id: "7" })],
    ]);
    expect(summary.counts).toEqual({ namespace: 2, prefix: 1, address: 0 });
    expect(summary.incomplete).toEqual({});
    expect(table("prefix").get('[["Global"],"10/8"]')).toMatchObject({
      values: ['["Global"]', "10/8", 3],
      id: "7",
    });
  });

  it("computes a key part through the reference that holds it, derived or not", async () => {
    const parent = schema.encodeKey(Prefix, inGlobal);
    const { table, findings } = await load(() => [
      Address.record({ host: "1", parent: inGlobal }),
      Address.canonical({ host: "2", parent }),
      Address.record({ host: "3", namespace: "Other" }),
    ]);
    expect(findings).toEqual([]);
    expect([...table("address").records()].map(({ key }) => key)).toEqual([
      '[["Global"],"1"]',
      '[["Global"],"2"]',
      '[["Other"],"3"]',
    ]);
    expect(table("address").get('[["Global"],"1"]')?.values[2]).toBeUndefined();
  });

  it("shields a record with a bad value, and says where and what", async () => {
    const bad = {
      ...Prefix.record(inGlobal, { origin: "prefixes.csv row 2" }),
      values: { ...inGlobal, size: "big" },
    };
    const { summary, findings, table } = await load(() => [bad]);
    expect(findings).toEqual([
      {
        kind: "bad-value",
        side: "source",
        model: "prefix",
        key: '[["Global"],"10/8"]',
        label: "10/8 (Global)",
        field: "size",
        value: "big",
        message:
          'Prefix 10/8 (Global): size expected a whole number, got "big". ' +
          "It and its counterpart are left as they are. Correct it and run again.",
        origin: "prefixes.csv row 2",
      },
    ]);
    expect(table("prefix").isShielded('[["Global"],"10/8"]')).toBe(true);
    expect(summary.incomplete).toEqual({});
  });

  it("calls the model incomplete when a key cannot be read", async () => {
    const { summary, findings } = await load(() => [Namespace.record({ name: " " })]);
    expect(summary.incomplete).toEqual({ namespace: "The key of a record could not be read." });
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([
      ["bad-value", null],
      ["incomplete-read", null],
    ]);
  });

  it("shields every record of a key that is there twice", async () => {
    const { findings, table, summary } = await load(() => [
      Namespace.record({ name: "a" }, { origin: "row 1" }),
      Namespace.record({ name: "a" }, { origin: "row 2" }),
      Namespace.record({ name: "a" }, { origin: "row 3" }),
    ]);
    expect(findings.map(({ kind, origin }) => [kind, origin])).toEqual([
      ["duplicate", "row 2"],
      ["duplicate", "row 3"],
    ]);
    expect(findings[0]?.message).toContain("more than once (the first: row 1). Which one");
    const bare = await load(() => [
      Namespace.record({ name: "b" }),
      Namespace.record({ name: "b" }),
    ]);
    expect(bare.findings[0]).toMatchObject({ origin: null, value: '["b"]' });
    expect(bare.findings[0]?.message).toContain("is there more than once. Which one");
    expect(table("namespace").isShielded('["a"]')).toBe(true);
    expect(summary.counts["namespace"]).toBe(3);
  });

  it("is incomplete with fewer records than declared, not with more", async () => {
    const { summary } = await load((context) => {
      context.expect(Namespace, 3);
      context.expect(Prefix, 0);
      return [Namespace.record({ name: "a" }), Prefix.record(inGlobal)];
    });
    expect(summary.incomplete).toEqual({ namespace: "Test declared 3 Namespaces and gave 1." });
  });

  it("shields what the adapter reports, and calls the model incomplete when it names no key", async () => {
    const finding = {
      kind: "bad-value",
      label: null,
      field: null,
      value: null,
      message: "odd",
      origin: null,
    } as const;
    const { summary, table } = await load((context) => {
      context.report({ ...finding, model: "namespace", key: '["a"]' });
      context.report({ ...finding, model: "prefix", key: null });
      context.incomplete(Address, "page 3 is missing");
      return [];
    });
    expect(table("namespace").isShielded('["a"]')).toBe(true);
    expect(summary.incomplete).toEqual({ prefix: "odd", address: "page 3 is missing" });
  });

  it("says once for a model that it was not read completely, by the first reason", async () => {
    const { summary, findings } = await load((context) => {
      context.incomplete(Namespace, "page 3 is missing");
      context.incomplete(Namespace, "page 4 is missing");
      context.report({
        kind: "incomplete-read",
        model: "prefix",
        key: null,
        label: null,
        field: null,
        value: null,
        message: "the list was cut off",
        origin: null,
      });
      return [Namespace.record({ name: "a" })];
    });
    expect(summary.incomplete).toEqual({
      namespace: "page 3 is missing",
      prefix: "the list was cut off",
    });
    expect(summary.absent).toEqual([]);
    expect(findings.map(({ kind, side, message }) => [kind, side, message])).toEqual([
      ["incomplete-read", "source", "Namespaces were not read completely: page 3 is missing"],
      ["incomplete-read", "source", "Prefixes were not read completely: the list was cut off"],
    ]);
  });

  it("tells apart what a side keeps no records of from what it could not read", async () => {
    const { summary, findings } = await load((context) => {
      context.absent(Namespace, "Test has no namespaces");
      context.absent(Prefix, "Test has no prefixes");
      context.incomplete(Address, "page 3 is missing");
      context.absent(Address, "Test has no addresses");
      return [Prefix.record(inGlobal)];
    });
    expect(summary.absent).toEqual(["namespace"]);
    expect(summary.incomplete).toEqual({
      namespace: "Test has no namespaces",
      prefix: "Test has no prefixes",
      address: "page 3 is missing",
    });
    // Whether what is absent matters, the other side tells.
    expect(findings.map(({ model }) => model)).toEqual(["prefix", "address"]);
  });

  it.each([
    ["source", { namespace: "2 have no name." }, "Nothing of this type is deleted. Give them one"],
    ["target", {}, "They are left as they are. Give them one"],
  ] as const)("leaves alone what has no key (%s)", async (side, incomplete, consequence) => {
    const { summary, findings } = await load(
      (context) => {
        context.unkeyed(Namespace, "2 have no name.");
        return [];
      },
      { side },
    );
    expect(summary.incomplete).toEqual(incomplete);
    expect(findings[0]).toEqual({
      kind: "bad-value",
      side,
      model: "namespace",
      key: null,
      label: null,
      field: "name",
      value: null,
      message: `2 have no name. ${consequence}, or leave them out of the scope.`,
      origin: null,
    });
  });

  it("hears nothing of models that it does not load", async () => {
    const { summary, findings } = await load(
      (context) => {
        context.expect(Prefix, 3);
        context.incomplete(Prefix, "cut off");
        context.absent(Prefix, "none");
        context.unkeyed(Prefix, "none");
        context.report({
          kind: "bad-value",
          model: "prefix",
          key: '["a"]',
          label: null,
          field: null,
          value: null,
          message: "odd",
          origin: null,
        });
        return [];
      },
      { models: [Namespace] },
    );
    expect(summary).toMatchObject({ counts: { namespace: 0 }, incomplete: {}, absent: [] });
    expect(findings.map(({ message }) => message)).toEqual(["odd"]);
  });

  it("says what a side gives beyond what it declared, and does not call it incomplete", async () => {
    const lines: string[] = [];
    const quiet = (): void => undefined;
    const info = (line: string): void => void lines.push(line);
    const logger = { debug: quiet, info, warning: quiet, error: quiet };
    await load(
      (context) => {
        context.expect(Namespace, 0);
        return [Namespace.record({ name: "a" })];
      },
      { logger },
    );
    expect(lines).toEqual(["Test declared 0 Namespaces and gave 1."]);
  });

  it("loads what the run has of the adapter's models", async () => {
    const small = createSchema([Namespace]);
    const adapter: Adapter = {
      name: "Test",
      models: schema.models,
      async *load() {
        yield [Namespace.record({ name: "a" }), Prefix.record(inGlobal)];
      },
    };
    const store = createMemoryStore(small);
    const { counts } = await loadSide(adapter, { side: "source", schema: small, store });
    expect(counts).toEqual({ namespace: 1 });
  });

  it("reads nothing once it is cancelled", async () => {
    let isRead = false;
    const signal = AbortSignal.abort();
    const loading = load(
      () => {
        isRead = true;
        return [];
      },
      { signal },
    );
    await expect(loading).rejects.toThrow(CancelledError);
    expect(isRead).toBe(false);
  });

  it("leaves nothing waiting on the signal of its run", async () => {
    const { signal } = new AbortController();
    let waiting = 0;
    const counted = new Proxy(signal, {
      get(target, name) {
        if (name === "addEventListener") waiting += 1;
        if (name === "removeEventListener") waiting -= 1;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    await load(() => [], { signal: counted });
    expect(waiting).toBe(0);
  });

  it("leaves out fields that the side does not provide", async () => {
    const provides = (): string[] => ["namespace", "network"];
    const { summary, table } = await load(() => [Prefix.record(inGlobal)], { provides });
    expect(summary.provides["prefix"]).toEqual(["namespace", "network"]);
    expect(table("prefix").get('[["Global"],"10/8"]')?.values[2]).toBeUndefined();
  });

  it("takes a field that the side's own declaration of the model lacks for not provided", async () => {
    const fields = { size: integer().nullable(), owner: text().nullable() };
    const Owned = defineModel("prefix", { plural: "prefixes", key: Prefix.key, fields });
    const owned = createSchema([Namespace, Owned, Address]);
    for (const options of [{}, { provides: () => Owned.names }]) {
      const { summary } = await load(() => [], { schema: owned, ...options });
      expect(summary.provides["prefix"]).toEqual(Prefix.names);
    }
  });

  it("holds nothing back for a field that is kept nowhere, and says so", async () => {
    const { summary, findings } = await load((context) => {
      const place = { key: null, label: null, value: null, origin: null };
      const message = "Prefixes have a colour, which is not read.";
      context.report({
        kind: "unknown-field",
        model: "prefix",
        field: "colour",
        message,
        ...place,
      });
      return [Prefix.record(inGlobal)];
    });
    expect(findings).toMatchObject([{ kind: "unknown-field", field: "colour" }]);
    expect(summary.incomplete).toEqual({});
  });

  it("passes over models out of scope and refuses undeclared ones", async () => {
    const { summary } = await load(() => [Prefix.record(inGlobal)], { models: [Namespace] });
    expect(summary.counts).toEqual({ namespace: 0 });
    const Other = defineModel("other", { key: { name: text() }, fields: {} });
    await expect(load(() => [Other.record({ name: "x" })])).rejects.toThrow(
      InvalidDeclarationError,
    );
  });

  it("ends at once when cancelled, though the adapter hangs", async () => {
    const controller = new AbortController();
    const adapter: Adapter = {
      name: "hanging",
      models: schema.models,
      async *load() {
        yield Namespace.record({ name: "a" });
        await new Promise(() => undefined);
      },
    };
    const loading = loadSide(adapter, {
      side: "source",
      schema,
      store: createMemoryStore(schema),
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(new Error("asked by admin")), 5);
    await expect(loading).rejects.toThrow(CancelledError);
    await expect(loading).rejects.toThrow(/asked by admin/);
  });

  it("throws what the adapter throws", async () => {
    const failing = load(function* () {
      yield Namespace.record({ name: "a" });
      throw new Error("connection lost");
    });
    await expect(failing).rejects.toThrow("connection lost");
  });

  it("tells progress per model", async () => {
    const seen: string[] = [];
    await load(
      (context) => {
        context.expect(Namespace, 1);
        return [Namespace.record({ name: "a" })];
      },
      { onProgress: ({ model, done, total }) => seen.push(`${model} ${done}/${String(total)}`) },
    );
    expect(seen).toContain("namespace 0/1");
    expect(seen).toContain("namespace 1/1");
  });

  it("tells progress of a slow side each second, and once more when it is aborted", async () => {
    vi.useFakeTimers();
    try {
      const controller = new AbortController();
      const seen: number[] = [];
      const adapter: Adapter = {
        name: "slow",
        models: schema.models,
        async *load() {
          for (let name = 0; ; name += 1) {
            await new Promise((resolve) => setTimeout(resolve, 200));
            yield Namespace.record({ name: String(name) });
          }
        },
      };
      const loading = loadSide(adapter, {
        side: "source",
        schema,
        store: createMemoryStore(schema),
        signal: controller.signal,
        onProgress: ({ done }) => seen.push(done),
      });
      const ended = expect(loading).rejects.toThrow(CancelledError);
      await vi.advanceTimersByTimeAsync(2500);
      expect(seen).toHaveLength(2);
      controller.abort();
      await ended;
      expect(seen.at(-1)).toBe(12);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ["IP address", "An IP address"],
    ["VLAN", "A VLAN"],
    ["Location", "A Location"],
    ["Interface", "An Interface"],
    ["Area", "An Area"],
    ["MAC address", "An MAC address"],
    ["Bay of a UPS", "A Bay of a UPS"],
  ])("speaks of a type as one says it: %s", async (label, spoken) => {
    const Ip = defineModel("ip_address", {
      label,
      key: { size: integer() },
      fields: {},
    });
    const findings: string[] = [];
    await loadSide(
      {
        name: "Test",
        models: [Ip],
        async *load() {
          yield await Promise.resolve({ model: Ip, values: { size: "x" }, isCanonical: false });
        },
      },
      {
        side: "source",
        schema: createSchema([Ip]),
        store: createMemoryStore(createSchema([Ip])),
        onFinding: ({ message }) => findings.push(message),
      },
    );
    expect(findings[0]).toMatch(
      new RegExp(`^${spoken}: size expected .*\\. Its key cannot be read, so nothing of this type`),
    );
  });
});
