import { describe, expect, it } from "vitest";
import type { PlannedChange } from "../change.ts";
import {
  createSchema,
  defineModel,
  json,
  keyedList,
  list,
  ref,
  set,
  sync,
  text,
} from "../index.ts";
import type { Canonical } from "../record.ts";
import { createMemoryAdapter } from "../testing/memory-adapter.ts";
import { fieldChanges } from "./field-changes.ts";
import { reportJson } from "./json.ts";
import { reportMarkdown } from "./markdown.ts";
import { obstacleOf, type ReportedChange } from "./report.ts";
import { reportText } from "./text.ts";

const Site = defineModel("site", {
  label: "Site",
  pluralLabel: "Sites",
  key: { name: text() },
  fields: {},
});
const Device = defineModel("device", {
  label: "Device",
  pluralLabel: "Devices",
  key: { site: ref("site"), name: text() },
  fields: {
    role: text(),
    tags: set(text()),
    ports: keyedList("name", { name: text(), speed: text() }),
  },
});
const schema = createSchema([Site, Device]);

async function reported(): Promise<ReportedChange[][]> {
  const device = (values: {
    role: string;
    tags: string[];
    ports: { name: string; speed: string }[];
  }) => Device.record({ site: "Berlin", name: "sw|1", ...values });
  const source = createMemoryAdapter("source", schema, [
    Site.record({ name: "Berlin" }),
    Site.record({ name: "Oslo" }),
    device({
      role: "leaf",
      tags: ["pci", "new"],
      ports: [
        { name: "1", speed: "10G" },
        { name: "3", speed: "1G" },
      ],
    }),
  ]);
  const target = createMemoryAdapter("target", schema, [
    Site.record({ name: "Berlin" }),
    Site.record({ name: "Rome" }),
    device({
      role: "spine",
      tags: ["pci", "old"],
      ports: [
        { name: "1", speed: "1G" },
        { name: "2", speed: "1G" },
      ],
    }),
  ]);
  const { changes } = await sync({ source, target, schema, isDryRun: true });
  return [changes.map((change) => ({ change, outcome: null }))];
}

async function whole(parts: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}

describe("reports", () => {
  it("show an update field by field, sets and keyed lists member by member", async () => {
    const report = await whole(reportText(await reported(), { schema }));

    const lines = report.split("\n");
    expect(lines.slice(0, 9)).toEqual([
      "Sites",
      "  + Oslo",
      "Devices",
      "  ~ sw|1 (Berlin)",
      "      role: spine → leaf",
      "      tags: + new, - old",
      '      ports: + {"name":"3","speed":"1G"}, - {"name":"2","speed":"1G"}, ~ {"name":"1","speed":"1G"} → {"name":"1","speed":"10G"}',
      "Sites",
      "  - Rome",
    ]);
    expect(lines[9]).toMatch(/^ {6}held: /);
  });

  it("are painted by whoever shows them", async () => {
    const report = await whole(
      reportText(await reported(), { schema, paint: (style, text) => `<${style}>${text}` }),
    );

    expect(report).toContain("<create>  + Oslo");
    expect(report).toContain("<heading>Sites");
  });

  it("keep names that look like markup inside their cell in Markdown", async () => {
    const report = await whole(reportMarkdown(await reported(), { schema }));

    expect(report).toContain(
      "| `~` | sw\\|1 (Berlin) | role: spine → leaf<br>tags: + new, - old<br>",
    );
    expect(report).toContain("## Sites\n\n| | Object | Change |");
  });

  it("are one JSON list with every change whole", async () => {
    const batches = await reported();

    const parsed = JSON.parse(await whole(reportJson(batches))) as unknown[];

    expect(parsed).toEqual(batches.flat().map(({ change }) => ({ ...change, outcome: null })));
    expect(await whole(reportJson([]))).toBe("[]\n");
  });
});

/** The update of one field of a site's device. */
function updateOf(
  name: string,
  before: Canonical,
  after: Canonical,
  more: Partial<PlannedChange> = {},
): PlannedChange {
  return {
    model: "device",
    action: "update",
    key: '[["Berlin"],"1"]',
    label: "1",
    parentModel: null,
    parentKey: null,
    before: { [name]: before },
    after: { [name]: after },
    fields: [name],
    rank: 0,
    targetId: null,
    targetVersion: null,
    sourceId: null,
    hold: null,
    ...more,
  };
}

const held = { guard: "needs-held", reason: "Its site\n  is held." } as const;
const refused = { code: "conflict", message: "The target said no.", field: null, value: null };

describe("why a change is not in the target", () => {
  const change = updateOf("role", "a", "b");
  const heldChange = { ...change, hold: held };
  it.each<[string, ReportedChange, string | null]>([
    ["not tried yet", { change, outcome: null }, null],
    ["applied", { change, outcome: { status: "applied", error: null } }, null],
    ["held", { change: heldChange, outcome: null }, `held: ${held.reason}`],
    [
      "held once and applied later",
      { change: heldChange, outcome: { status: "applied", error: null } },
      null,
    ],
    [
      "failed",
      { change, outcome: { status: "failed", error: refused } },
      "failed: The target said no.",
    ],
    [
      "skipped without a word",
      { change, outcome: { status: "skipped", error: null } },
      "skipped: no reason was given",
    ],
  ])("is said: %s", (_, reported, obstacle) => {
    expect(obstacleOf(reported)).toBe(obstacle);
  });
});

describe("a report of several types", () => {
  const rows: readonly ReportedChange[] = [
    updateOf("role", "a", "b"),
    updateOf("role", "a", null, { hold: held }),
    updateOf("role", "a", "b", { step: 2 }),
    updateOf("role", "a", "b", { step: 0 }),
    updateOf("role", "", "", { model: "site", action: "delete", fields: [] }),
  ].map((change) => ({ change, outcome: null }));
  const failing = rows.map((row) => ({
    ...row,
    outcome: { status: "failed", error: refused } as const,
  }));

  it("has in Markdown one table a type, each change in one line", async () => {
    expect(await whole(reportMarkdown([rows.slice(0, 2), rows.slice(2)], { schema }))).toBe(
      [
        "## Devices",
        "",
        "| | Object | Change |",
        "| --- | --- | --- |",
        "| `~` | 1 | role: a → b |",
        "| `~` | 1 | role: a → (none)<br>_held: Its site is held._ |",
        "| `~` | 1 (in a second step) | role: a → b |",
        "| `~` | 1 (emptied first) | role: a → b |",
        "",
        "## Sites",
        "",
        "| | Object | Change |",
        "| --- | --- | --- |",
        "| `-` | 1 | delete |",
        "",
      ].join("\n"),
    );
    expect(await whole(reportMarkdown([failing.slice(4)], { schema }))).toContain(
      "| `-` | 1 | _failed: The target said no._ |",
    );
  });

  it("has as text one heading a type, and what failed below its change", async () => {
    const paint = (style: string, line: string): string =>
      style === "obstacle" ? `!${line}` : line;
    expect(await whole(reportText([failing.slice(2)], { schema, paint }))).toBe(
      [
        "Devices",
        "  ~ 1 (in a second step)",
        "      role: a → b",
        "      !failed: The target said no.",
        "  ~ 1 (emptied first)",
        "      role: a → b",
        "      !failed: The target said no.",
        "Sites",
        "  - 1",
        "      !failed: The target said no.",
        "",
      ].join("\n"),
    );
  });
});

describe("how a field changes", () => {
  const Rack = defineModel("rack", {
    key: { name: text() },
    fields: {
      site: ref("site").nullable(),
      sites: set(ref("site")),
      row: list(ref("site")),
      words: list(text()),
      facts: json(),
      ports: keyedList("name", { name: text(), speed: text() }),
    },
  });
  const racks = createSchema([Site, Rack]);
  it.each<[string, Canonical, Canonical, string, string]>([
    ["site", null, '["Berlin"]', "(none)", "Berlin"],
    ["row", ['["Oslo"]', '["Berlin"]'], [], "[Oslo, Berlin]", "[]"],
    ["words", ["b", "a"], ["a"], "[b, a]", "[a]"],
    ["facts", { a: [1] }, 2, '{"a":[1]}', "2"],
  ])("is told as people say it: %s", (name, before, after, was, is) => {
    expect(fieldChanges(racks, updateOf(name, before, after, { model: "rack" }))).toEqual([
      { field: name, before: was, after: is, members: null },
    ]);
  });

  it("is told member by member of sets and keyed lists, also where there were none", () => {
    const [sites] = fieldChanges(racks, updateOf("sites", null, ['["A"]'], { model: "rack" }));
    expect(sites?.members).toEqual({ added: ["A"], removed: [], changed: [] });
    const [none] = fieldChanges(racks, updateOf("sites", ['["A"]'], null, { model: "rack" }));
    expect(none?.members).toEqual({ added: [], removed: ["A"], changed: [] });
    const one = [{ name: "1", speed: "1G" }];
    const two = [...one, { name: "2", speed: "1G" }];
    const [ports] = fieldChanges(racks, updateOf("ports", one, two, { model: "rack" }));
    expect(ports?.members).toEqual({
      added: ['{"name":"2","speed":"1G"}'],
      removed: [],
      changed: [],
    });
  });

  it("is empty where a change names fields and has no values", () => {
    const change = updateOf("site", null, null, { model: "rack", before: null, after: null });
    expect(fieldChanges(racks, change)).toMatchObject([{ before: "(none)", after: "(none)" }]);
  });
});
