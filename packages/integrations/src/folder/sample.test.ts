import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { syncedModels } from "@plumbline/models";
import { createMemoryStore, createSchema, type Finding, loadSide } from "@plumbline/sync";
import { describe, expect, it } from "vitest";
import { createFolderAdapter } from "./folder-adapter.ts";

const models = syncedModels;
const path = fileURLToPath(new URL("../../sample/", import.meta.url));

async function loadSample() {
  const schema = createSchema(models);
  const store = createMemoryStore(schema);
  const findings: Finding[] = [];
  const warnings: string[] = [];
  const note = (message: string) => void warnings.push(message);
  const summary = await loadSide(createFolderAdapter({ path, models }), {
    side: "source",
    schema,
    store,
    logger: { debug: () => undefined, info: () => undefined, warning: note, error: note },
    onFinding: (finding) => findings.push(finding),
  });
  return { schema, store, findings, warnings, summary };
}

describe("the sample estate", () => {
  it("is read without a finding or a warning", async () => {
    const { findings, warnings, summary } = await loadSample();

    expect(findings).toEqual([]);
    expect(warnings).toEqual([]);
    expect(summary.incomplete).toEqual({});
    expect(Object.keys(summary.counts)).toHaveLength(models.length);
    const total = Object.values(summary.counts).reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(300);
    expect(total).toBeLessThan(900);
  });
});

it("docs/formats/folder.md names the file of every model that is synced", () => {
  const page = readFileSync(
    fileURLToPath(new URL("../../../../docs/formats/folder.md", import.meta.url)),
    "utf8",
  );
  const [, list = ""] = /One file per model[^:]*:([^.]*)\./.exec(page) ?? [];
  const named = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name);

  expect(named.toSorted()).toEqual(models.map(({ plural }) => plural).toSorted());
});
