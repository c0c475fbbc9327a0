import { describe, expect, it } from "vitest";
import type { Writer } from "./adapter.ts";
import { apply } from "./apply.ts";
import type { Change, PlannedChange } from "./change.ts";
import { defineModel } from "./define-model.ts";
import { ConflictError, InterruptedError } from "./errors.ts";
import type { Outcome } from "./outcome.ts";
import { ref } from "./reference-field.ts";
import { text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";

const Site = defineModel("site", {
  key: { name: text(), parent: ref("site").nullable() },
  fields: { twin: ref("site").nullable() },
});
const schema = createSchema([Site]);

function change(
  action: Change["action"],
  name: string,
  rank: number,
  more: Partial<PlannedChange> = {},
): PlannedChange {
  return {
    model: "site",
    action,
    key: schema.encodeKey(Site, name),
    label: name,
    parentModel: null,
    parentKey: null,
    before: null,
    after: null,
    fields: [],
    rank,
    targetId: null,
    targetVersion: null,
    sourceId: null,
    hold: null,
    ...more,
  };
}

const key = (name: string): string => schema.encodeKey(Site, name);

function applied(given: Change): Outcome {
  return { change: given, status: "applied", targetId: "1", error: null };
}

function failed(given: Change): Outcome {
  const error = { code: "conflict", message: "refused", field: null, value: null };
  return { change: given, status: "failed", targetId: null, error };
}

/** Answers each change by its label; records the batches it got. */
function createWriter(
  answer: (given: Change) => Outcome | null = applied,
  more: Partial<Writer> = {},
): Writer & { readonly batches: string[][]; finished: number } {
  const batches: string[][] = [];
  const writer = {
    batches,
    finished: 0,
    batchSize: 2,
    isTransactional: true,
    async *apply(changes: readonly Change[]) {
      batches.push(changes.map(({ label }) => label));
      for (const each of changes) {
        const outcome = answer(each);
        if (outcome) yield outcome;
      }
    },
    async finish() {
      writer.finished += 1;
    },
    ...more,
  };
  return writer;
}

async function run(
  writer: Writer,
  changes: readonly PlannedChange[],
  signal?: AbortSignal,
): Promise<string[]> {
  const seen: string[] = [];
  for await (const batch of apply([changes], writer, { schema, signal })) {
    for (const outcome of batch) seen.push(`${outcome.change.label} ${outcome.status}`);
  }
  return seen;
}

describe("applying", () => {
  it("sends batches of one rank and no more than the writer wants, and finishes once", async () => {
    const writer = createWriter();
    const outcomes = await run(writer, [
      change("create", "a", 0),
      change("create", "b", 0),
      change("create", "c", 0),
      change("create", "d", 1),
    ]);
    expect(writer.batches).toEqual([["a", "b"], ["c"], ["d"]]);
    expect(outcomes).toEqual(["a applied", "b applied", "c applied", "d applied"]);
    expect(writer.finished).toBe(1);
  });

  it("passes over what is held", async () => {
    const hold = { guard: "deletes-not-asked", reason: "not asked" } as const;
    const outcomes = await run(createWriter(), [
      change("delete", "a", 0, { hold }),
      change("create", "b", 1),
    ]);
    expect(outcomes).toEqual(["b applied"]);
  });

  it("refuses a stale change alone, skips what needs it, and goes on with the rest", async () => {
    const writer = createWriter();
    const outcomes: Outcome[] = [];
    const below = schema.encodeKey(Site, ["below", "a"]);
    const changes = [
      change("create", "a", 0, { after: { name: "a", parent: null } }),
      change("create", "b", 0, { after: { name: "b", parent: null } }),
      change("create", "below", 1, { key: below, after: { name: "below", parent: key("a") } }),
    ];
    const staleness = ({ label }: Change): string | null => (label === "a" ? "it is there" : null);
    for await (const batch of apply([changes], writer, { schema, staleness })) {
      outcomes.push(...batch);
    }
    expect(outcomes.map(({ change: { label }, status }) => `${label} ${status}`)).toEqual([
      "a stale",
      "b applied",
      "below skipped",
    ]);
    expect(outcomes[0]?.error?.message).toContain("it is there");
    expect(writer.batches).toEqual([["b"]]);
  });

  it("skips what needs an object that could not be created, and goes on with the rest", async () => {
    const writer = createWriter((each) => (each.label === "a" ? failed(each) : applied(each)));
    const outcomes = await run(writer, [
      change("create", "a", 0, { after: { name: "a", parent: null } }),
      change("create", "b", 1, {
        key: schema.encodeKey(Site, ["b", "a"]),
        after: { name: "b", parent: key("a") },
      }),
      change("update", "x", 1, { after: { twin: schema.encodeKey(Site, ["b", "a"]) } }),
      change("create", "c", 1, { after: { name: "c", parent: null } }),
    ]);
    expect([...outcomes].sort()).toEqual(["a failed", "b skipped", "c applied", "x skipped"]);
  });

  it("skips what needs the new key of an object whose rename failed, at any depth", async () => {
    const writer = createWriter((each) => (each.label === "a" ? failed(each) : applied(each)));
    const below = schema.encodeKey(Site, ["below", "new"]);
    const outcomes = await run(writer, [
      change("update", "a", 0, { before: { name: "a" }, after: { name: "new" }, fields: ["name"] }),
      change("create", "c", 1, { after: { name: "c", parent: below } }),
      change("create", "d", 1, { after: { name: "d", parent: key("a") } }),
    ]);
    expect(outcomes).toEqual(["a failed", "c skipped", "d applied"]);
  });

  it("skips the delete of what a failed delete or update still refers to", async () => {
    const writer = createWriter((each) =>
      /fails/.test(each.label) ? failed(each) : applied(each),
    );
    const outcomes = await run(writer, [
      change("update", "u fails", 0, { before: { twin: key("old") }, after: { twin: null } }),
      change("delete", "d fails", 1, { before: { name: "d", parent: key("top") } }),
      change("delete", "old", 2, { before: { name: "old" } }),
      change("delete", "top", 2, { before: { name: "top" } }),
      change("delete", "free", 2, { before: { name: "free" } }),
    ]);
    expect([...outcomes].sort()).toEqual([
      "d fails failed",
      "free applied",
      "old skipped",
      "top skipped",
      "u fails failed",
    ]);
  });

  it("fails a change that the writer forgot, and warns of a second outcome", async () => {
    const warnings: string[] = [];
    const quiet = (): void => undefined;
    const logger = {
      debug: quiet,
      info: quiet,
      warning: (text: string) => void warnings.push(text),
      error: quiet,
    };
    const writer = createWriter(undefined, {
      async *apply(changes) {
        const [first] = changes;
        if (first) yield* [applied(first), applied(first)];
      },
    });
    const outcomes: Outcome[] = [];
    const changes = [change("create", "a", 0), change("create", "b", 0)];
    for await (const batch of apply([changes], writer, { schema, logger })) outcomes.push(...batch);
    expect(outcomes.map(({ status, error }) => [status, error?.code])).toEqual([
      ["applied", undefined],
      ["failed", "no-outcome"],
    ]);
    expect(warnings).toEqual(["The target gave a second outcome for a."]);
  });

  it("fails the batch of a writer that throws, and goes on", async () => {
    const writer = createWriter((each) => {
      if (each.label === "b") throw new ConflictError("the server said no");
      return applied(each);
    });
    const outcomes: Outcome[] = [];
    const changes = ["a", "b", "c"].map((name, rank) => change("create", name, Math.min(rank, 1)));
    for await (const batch of apply([changes], writer, { schema })) outcomes.push(...batch);
    expect(outcomes.map(({ change: { label }, status }) => `${label} ${status}`)).toEqual([
      "a applied",
      "b failed",
      "c failed",
    ]);
    expect(outcomes[1]?.error).toMatchObject({ code: "conflict", message: "the server said no" });
  });

  it.each([null, new Error("finishing failed too")])(
    "ends where the target is gone, with what was known before (and at its end: %s)",
    async (atEnd) => {
      const gone = new InterruptedError("the target went away");
      const finish = atEnd === null ? {} : { finish: () => Promise.reject(atEnd) };
      const writer = createWriter((each) => {
        if (each.label === "c") throw gone;
        return applied(each);
      }, finish);
      const changes = ["a", "b", "c", "d", "e"].map((name, at) =>
        change("create", name, at === 0 ? 0 : 1),
      );
      const seen: string[] = [];
      const all = async (): Promise<void> => {
        for await (const batch of apply([changes], { ...writer, batchSize: 3 }, { schema })) {
          for (const outcome of batch) seen.push(`${outcome.change.label} ${outcome.status}`);
        }
      };
      await expect(all()).rejects.toBe(gone);
      expect(seen).toEqual(["a applied", "b applied"]);
      expect(writer.batches).toEqual([["a"], ["b", "c", "d"]]);
      if (atEnd === null) expect(writer.finished).toBe(1);
    },
  );

  it("calls what a cancelled run's writer breaks off cancelled, also where the target is gone", async () => {
    const controller = new AbortController();
    const writer = createWriter(() => {
      controller.abort();
      throw new InterruptedError("the target went away");
    });
    const changes = [change("create", "a", 0), change("create", "b", 1)];
    expect(await run(writer, changes, controller.signal)).toEqual(["a cancelled", "b cancelled"]);
  });

  it("cancels the rest once the run is cancelled", async () => {
    const controller = new AbortController();
    const writer = createWriter((each) => {
      if (each.label === "b") controller.abort();
      return applied(each);
    });
    const changes = ["a", "b", "c", "d"].map((name, rank) => change("create", name, rank));
    expect(await run(writer, changes, controller.signal)).toEqual([
      "a applied",
      "b applied",
      "c cancelled",
      "d cancelled",
    ]);
    expect(writer.batches).toEqual([["a"], ["b"]]);
    expect(writer.finished).toBe(1);
  });

  it.each([
    [true, "The run was cancelled before it was tried."],
    [
      false,
      "The run was cancelled while it was being written. Compare again to see whether it was.",
    ],
  ])("says of a batch that was cut off (transactional: %s) what is known", async (is, message) => {
    const controller = new AbortController();
    const cutOff = (): never => {
      controller.abort();
      throw new Error("connection closed");
    };
    const writer = createWriter(cutOff, { isTransactional: is });
    const { signal } = controller;
    const outcomes: Outcome[] = [];
    for await (const batch of apply([[change("create", "a", 0)]], writer, { schema, signal })) {
      outcomes.push(...batch);
    }
    expect(outcomes[0]).toMatchObject({ status: "cancelled", error: { message } });
  });
});
