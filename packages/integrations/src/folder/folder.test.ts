import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hubModels, Location, Prefix, Tag, Tenant } from "@plumbline/models";
import {
  createMemoryStore,
  createSchema,
  type Finding,
  loadSide,
  type Model,
  type RawRecord,
  sync,
} from "@plumbline/sync";
import { createMemoryAdapter } from "@plumbline/sync/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folder, folderPlugin } from "./connection.ts";
import { createFolderAdapter } from "./folder-adapter.ts";

const schema = createSchema(hubModels.map(({ model }) => model));
let path: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "plumbline-folder-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFile(join(path, name), text);
const get = (name: string) => readFile(join(path, name), "utf8");

async function load(...models: Model[]) {
  const store = createMemoryStore(schema);
  const findings: Finding[] = [];
  const warnings: string[] = [];
  const note = (message: string) => void warnings.push(message);
  const summary = await loadSide(createFolderAdapter({ path, models }), {
    side: "source",
    schema,
    store,
    logger: { debug: note, info: note, warning: note, error: note },
    onFinding: (finding) => findings.push(finding),
  });
  const values = (model: Model) =>
    [...store.table("source", model.name).records()].map((record) =>
      Object.fromEntries(model.names.map((name, index) => [name, record.values[index]])),
    );
  return { summary, findings, warnings, values };
}

function write(records: readonly RawRecord[], models: readonly Model[]) {
  return sync({
    source: createMemoryAdapter("memory", schema, records),
    target: createFolderAdapter({ path, models, isTarget: true }),
    schema,
    models,
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
  });
}

describe("reading a folder", () => {
  it("takes references as text, mapping, columns or JSON", async () => {
    await put("tenants.json", '[{"name": "Acme", "tags": ["a", "b"]}]');
    await put(
      "locations.csv",
      "name,parent.name,parent.parent.name,location_type,status,tags\n" +
        "Europe,,,Region,Active,\nGermany,Europe,,Region,Active,a|b\nBerlin,Germany,Europe,Site,Active,\n",
    );
    await put(
      "prefixes.yaml",
      "- prefix: 10.0.0.0/8\n  status: Active\n" +
        "  locations:\n    - { name: Berlin, parent: { name: Germany, parent: Europe } }\n",
    );

    const { values, findings } = await load(Tenant, Location, Prefix);

    expect(findings).toEqual([]);
    expect(values(Tenant)[0]).toMatchObject({ tags: ['["a"]', '["b"]'] });
    expect(values(Location)[2]).toMatchObject({
      name: "Berlin",
      parent: '["Germany",["Europe",null]]',
    });
    expect(values(Location)[1]).toMatchObject({ tags: ['["a"]', '["b"]'] });
    expect(values(Prefix)[0]).toMatchObject({
      namespace: '["Global"]',
      locations: ['["Berlin",["Germany",["Europe",null]]]'],
    });
  });

  it("takes numbers as they are written where text is meant", async () => {
    await put("tags.yaml", "- name: 007\n- name: 1.10\n- name: 2026-01-01\n");

    const { values } = await load(Tag);

    expect(values(Tag).map(({ name }) => name)).toEqual(["007", "1.10", "2026-01-01"]);
  });

  it("leaves fields alone that no record names", async () => {
    await put("tenants.csv", "name,description\nAcme,\n");
    await put("tags.yaml", "- name: a\n- name: b\n  color: ff0000\n");

    const { summary } = await load(Tenant, Tag);

    expect(summary.provides["tenant"]).toEqual(["name", "description"]);
    expect(summary.provides["tag"]).toEqual(["name", "color"]);
  });

  it("names file and line of a bad value", async () => {
    await put("tags.csv", "name,color\na,ff0000\nb,\n\nc,red\n");
    await put("tenants.yaml", "# Ours\n- name: Acme\n- name: [not, text]\n- just text\n");

    const { findings, summary } = await load(Tag, Tenant);

    expect(findings.map(({ origin }) => origin)).toEqual(
      expect.arrayContaining(["tags.csv:5", "tenants.yaml:3", "tenants.yaml:4"]),
    );
    expect(Object.keys(summary.incomplete)).toEqual(["tenant"]);
  });

  it("names the lines of rows that hold line breaks and of duplicates", async () => {
    await put("tags.csv", 'name,description\na,"two\nlines"\nb,\na,again\n');

    const { findings } = await load(Tag);

    expect(findings).toMatchObject([{ kind: "duplicate", origin: "tags.csv:5" }]);
    expect(findings[0]!.message).toContain("tags.csv:2");
  });

  it.each([
    [
      "tags.yaml",
      "- name: a\n- name: 'b\n",
      /tags\.yaml:\d+:\d+ cannot be read: .*Correct the file/,
    ],
    [
      "tags.yaml",
      "- name: a\n  name: b\n",
      /tags\.yaml:2:3 cannot be read: Map keys must be unique/,
    ],
    ["tags.yaml", "name: a\n", /tags\.yaml cannot be read: it holds no list of records/],
    ["tags.yaml", "", /holds no list of records \(none at all is written \[\]\)/],
    ["tags.json", '[{"name": "a"},\n {"name": }]', /tags\.json:2:11 cannot be read/],
    ["tags.json", '[{"name": "a"', /tags\.json:1:\d+ cannot be read/],
    ["tags.csv", "name,color\na,ff0000\nb\n", /tags\.csv:3 cannot be read/],
    ["tags.csv", 'name\n"a\n', /tags\.csv:\d+ cannot be read: Quote Not Closed/],
    ["tags.csv", "", /tags\.csv:1 cannot be read: it is empty/],
    ["tags.csv", "name,name\na,b\n", /the column "name" stands there twice/],
  ])("ends at a broken file with its name and line: %s %j", async (name, text, message) => {
    await put(name, text);

    await expect(load(Tag)).rejects.toThrow(message);
  });

  it("refuses two files for one model, a missing folder and a file as the folder", async () => {
    await put("tags.yaml", "[]");
    await put("tags.csv", "name\n");
    await expect(load(Tag)).rejects.toThrow(/holds both tags\.csv and tags\.yaml/);

    path = join(path, "tags.yaml");
    await expect(load(Tag)).rejects.toThrow(/is a file, not a folder/);

    path = `${path}.nowhere`;
    await expect(load(Tag)).rejects.toThrow(/There is no folder/);
  });

  it("ends at a file it may not read", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may read everything");
    await put("tags.csv", "name\na\n");
    await chmod(join(path, "tags.csv"), 0);

    await expect(load(Tag)).rejects.toThrow(/tags\.csv cannot be read \(EACCES\)/);
  });

  it("takes a missing file for incomplete, and in a folder of ours for empty", async () => {
    await put("tags.yaml", "- name: a\n");
    expect((await load(Tag, Tenant)).summary.incomplete).toEqual({
      tenant: expect.stringContaining("has no file tenants.yaml, .json or .csv") as string,
    });

    await put(".plumbline", "");
    expect((await load(Tag, Tenant)).summary.incomplete).toEqual({});
  });

  it("warns of fields the model lacks", async () => {
    await put("tags.csv", "name,colour\na,red\n");

    expect((await load(Tag)).warnings.join()).toMatch(/tags\.csv: colour is no field of tags/);
  });

  it("reads a hundred thousand rows in seconds", async () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}/32,Active,row ${n}`,
    );
    await put("prefixes.csv", `prefix,status,description\n${rows.join("\n")}\n`);
    const start = performance.now();

    const { summary } = await load(Prefix);

    expect(summary.counts).toEqual({ prefix: 100_000 });
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});

describe("writing a folder", () => {
  const europe = Location.record({ name: "Europe", location_type: "Region", status: "Active" });

  it("makes folder, marker and files, sorted and without what is empty", async () => {
    path = join(path, "new", "folder");

    await write(
      [Tag.record({ name: "b" }), Tag.record({ name: "a", description: "First" })],
      [Tag],
    );

    expect((await readdir(path)).sort()).toEqual([".plumbline", "tags.yaml"]);
    expect(await get("tags.yaml")).toBe(
      "- name: a\n  color: 9e9e9e\n  description: First\n- name: b\n  color: 9e9e9e\n",
    );
  });

  it("refuses a folder that holds something and is not ours", async () => {
    await put("notes.txt", "mine");

    await expect(write([Tag.record({ name: "a" })], [Tag])).rejects.toThrow(
      /was not made by Plumbline and is not empty.*\.plumbline/,
    );
    expect(await readdir(path)).toEqual(["notes.txt"]);
  });

  it("takes a folder named like the marker for no marker", async () => {
    await mkdir(join(path, ".plumbline"));

    await expect(write([Tag.record({ name: "a" })], [Tag])).rejects.toThrow(/was not made by/);
  });

  it("leaves no other file behind and keeps a file's permissions", async () => {
    await put(".plumbline", "");
    await put("tags.yaml", "- name: old\n");
    await chmod(join(path, "tags.yaml"), 0o600);

    await write([Tag.record({ name: "a" })], [Tag]);

    expect((await readdir(path)).sort()).toEqual([".plumbline", "tags.yaml"]);
    expect((await stat(join(path, "tags.yaml"))).mode & 0o777).toBe(0o600);
  });

  it("keeps a file's format, its columns and the fields the model lacks", async () => {
    await put(".plumbline", "");
    await put("tenants.csv", "owner,name,description\nann,Old,\nbob,Acme,was\n");
    await put("tags.json", '[{"name": "a", "owner": "ann"}]');

    await write(
      [
        Tag.record({ name: "a", color: "ff0000" }),
        Tenant.record({ name: "Acme", description: "now", tags: ["a"] }),
      ],
      [Tag, Tenant],
    );

    expect(await get("tenants.csv")).toBe("owner,name,description,tags\nbob,Acme,now,a\n");
    expect(JSON.parse(await get("tags.json"))).toEqual([
      { name: "a", color: "ff0000", owner: "ann" },
    ]);
  });

  it("keeps dotted columns and adds a level where one is missing", async () => {
    await put(".plumbline", "");
    await put(
      "locations.csv",
      "name,parent.name,location_type.name,status\nEurope,,Region,Active\n",
    );
    const germany = { name: "Germany", parent: { name: "Europe" } };

    await write(
      [
        ...["Region"].map((name) => schema.model("location_type").record({ name })),
        schema.model("status").record({ name: "Active" }),
        europe,
        Location.record({ ...germany, location_type: "Region", status: "Active" }),
        Location.record({
          name: "Berlin",
          parent: germany,
          location_type: "Region",
          status: "Active",
        }),
      ],
      [Location],
    );

    const [header, ...rows] = (await get("locations.csv")).trimEnd().split("\n");
    expect(header).toBe("name,parent.name,location_type.name,status,parent.parent.name");
    expect(rows).toContain("Berlin,Germany,Region,Active,Europe");
  });

  it("leaves the old file whole when the new one cannot be written", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may write everywhere");
    await put(".plumbline", "");
    await put("tags.yaml", "- name: old\n");
    await chmod(path, 0o500);

    const { outcomes } = await write([Tag.record({ name: "a" })], [Tag]);

    await chmod(path, 0o700);
    expect(outcomes[0]).toMatchObject({ status: "failed" });
    expect(outcomes[0]!.error!.message).toMatch(/cannot be written \(EACCES\)/);
    expect(await get("tags.yaml")).toBe("- name: old\n");
  });

  it("finds stale what changed since it was read", async () => {
    await put(".plumbline", "");
    await put("tags.yaml", "- name: a\n  color: '000001'\n- name: b\n");
    const models = [Tag];
    const target = createFolderAdapter({ path, models, isTarget: true });
    const source = createMemoryAdapter("memory", schema, [Tag.record({ name: "a" })]);
    const options = { source, target, schema, models, asksDeletes: true, ceiling: null };
    const { changes } = await sync({ ...options, isDryRun: true });
    await put("tags.yaml", "- name: a\n  color: '000002'\n");

    const context = {
      signal: new AbortController().signal,
      logger: { debug() {}, info() {}, warning() {}, error() {} },
    };
    const writer = await target.writer!(context);
    const stale = await writer.findStale!(changes, context);

    expect(stale.map(({ change, reason }) => `${change.label}: ${reason}`)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("a: its color is another by now"),
        expect.stringContaining("b: it is no longer in the file"),
      ]),
    );
    for await (const { status } of writer.apply(changes, context)) expect(status).toBe("stale");
    expect(await get("tags.yaml")).toContain("000002");
  });
});

describe("the jobs of a folder", () => {
  const context = {
    variables: {},
    hub: {
      name: "hub",
      adapter: () => createMemoryAdapter("hub", schema),
      lookup: () => Promise.resolve(null),
    },
    logger: { debug() {}, info() {}, warning() {}, error() {} },
    signal: new AbortController().signal,
  };

  it("are a source and a target named after the connection", () => {
    const jobs = folder({ path }).jobs("lab");

    expect(jobs.map(({ id, direction }) => [id, direction])).toEqual([
      ["folder-lab-source", "source"],
      ["folder-lab-target", "target"],
    ]);
  });

  it("carry the sample estate into a hub and on into a folder that agrees with it", async () => {
    const [source, target] = folderPlugin.jobs;
    const hub = createMemoryAdapter("hub", schema);
    const opened = { ...context, models: schema.models, dataDirectory: path };
    const run = { schema, isDryRun: false, asksDeletes: true, ceiling: null };

    const filled = await sync({ ...run, source: await source!.open(opened), target: hub });
    const again = await sync({ ...run, source: await source!.open(opened), target: hub });
    const written = await sync({ ...run, source: hub, target: await target!.open(opened) });
    const back = createFolderAdapter({ path: join(path, "example-target"), models: schema.models });
    const agreed = await sync({ ...run, source: back, target: hub });

    // Primary addresses are written in second steps, which count with their objects.
    const objects = filled.changes.filter(({ step }) => step !== 2).length;
    expect(filled.findings).toEqual([]);
    expect(filled.outcomeCounts.applied).toBe(objects);
    expect(objects).toBeGreaterThan(300);
    expect(again.changes).toEqual([]);
    expect(written.outcomeCounts.applied).toBe(objects);
    expect(agreed.changes).toEqual([]);
    expect(agreed.findings).toEqual([]);
  });
});
