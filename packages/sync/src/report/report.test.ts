import { describe, expect, it } from "vitest";
import { createSchema, defineModel, keyedList, ref, set, sync, text } from "../index.ts";
import { createMemoryAdapter } from "../testing/memory-adapter.ts";
import { reportJson } from "./json.ts";
import { reportMarkdown } from "./markdown.ts";
import type { ReportedChange } from "./report.ts";
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
