import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hubModels, Tag, Tenant } from "@plumbline/models";
import {
  type Adapter,
  createMemoryStore,
  createSchema,
  loadSide,
  type Model,
  type RawRecord,
  sync,
} from "@plumbline/sync";
import { createMemoryAdapter } from "@plumbline/sync/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolderAdapter } from "./folder-adapter.ts";

const schema = createSchema(hubModels.map(({ model }) => model));
let path: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "plumbline-damage-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

const put = (name: string, content: string | Uint8Array) => writeFile(join(path, name), content);
const get = (name: string) => readFile(join(path, name), "utf8");

/** Deletes asked for and no ceiling: what a folder's damage would do at worst. */
function into(hub: readonly RawRecord[], models: readonly Model[], source?: Adapter) {
  return sync({
    source: source ?? createFolderAdapter({ path, models }),
    target: createMemoryAdapter("hub", schema, hub),
    schema,
    models,
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
  });
}

function write(records: readonly RawRecord[], target?: Adapter) {
  return sync({
    source: createMemoryAdapter("hub", schema, records),
    target: target ?? createFolderAdapter({ path, models: [Tag], isTarget: true }),
    schema,
    models: [Tag],
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
  });
}

describe("a damaged source folder", () => {
  const hub = [Tag.record({ name: "a" }), Tag.record({ name: "b" })];

  it.each(["tags.yaml", "tags.json", "tags.csv"])("with an empty %s ends the run", async (name) => {
    await put(name, "");
    await expect(into(hub, [Tag])).rejects.toThrow(new RegExp(name));
  });

  it.each([
    ["tags.yaml", "null\n"],
    ["tags.json", "null"],
    ["tags.yaml", "{}\n"],
    ["tags.json", "{}"],
    ["tags.yaml", "tags\n"],
  ])("whose %s is %j ends the run", async (name, content) => {
    await put(name, content);
    await expect(into(hub, [Tag])).rejects.toThrow(/no list of records/);
  });

  it.each([
    ["tags.csv", "name,description\nBüro,x\nb,y\n"],
    ["tags.yaml", "- name: Büro\n- name: b\n"],
    ["tags.json", '[{"name":"Büro"},{"name":"b"}]'],
  ])("with %s in Latin-1 ends the run, whatever letters that would make", async (name, content) => {
    await put(name, Buffer.from(content, "latin1"));
    await expect(into(hub, [Tag])).rejects.toThrow(/is not UTF-8/);
  });

  it("cut off within a letter at the very end of a CSV ends the run", async () => {
    await put("tags.csv", Buffer.from("name\na\nbü").subarray(0, -1));
    await expect(into(hub, [Tag])).rejects.toThrow(/is not UTF-8/);
  });

  it("cut off within a CSV row ends the run", async () => {
    await put("tags.csv", "name,description\na,first\nb");
    await expect(into(hub, [Tag])).rejects.toThrow(/tags\.csv/);
  });

  it("cut off within quotes, of YAML or CSV, ends the run", async () => {
    await put("tags.csv", 'name,description\na,"first');
    await expect(into(hub, [Tag])).rejects.toThrow(/tags\.csv/);
    await rm(join(path, "tags.csv"));
    await put("tags.yaml", '- name: a\n  description: "first');
    await expect(into(hub, [Tag])).rejects.toThrow(/tags\.yaml/);
  });

  it("with a byte order mark and CRLF reads like one without", async () => {
    await put("tags.csv", "\uFEFFname,description\r\na,\r\nb,\r\n");
    expect((await into(hub, [Tag])).changes).toEqual([]);
  });

  it("with carriage returns alone compares all its columns", async () => {
    await put("tags.csv", "name,description\ra,first\rb,\r");
    const { changes } = await into(hub, [Tag]);
    expect(changes).toMatchObject([{ action: "update", after: { description: "first" } }]);
  });

  it("with YAML's merge keys ends the run: what they stand for would be taken for nothing", async () => {
    await put("tags.yaml", "- &a { name: a, color: ff0000 }\n- { <<: *a, name: b }\n");
    await expect(into(hub, [Tag])).rejects.toThrow(/tags\.yaml:2 cannot be read: merge keys/);
  });

  it("with the same name in two Unicode forms, or with white space around it, is one object", async () => {
    await put("tags.json", JSON.stringify([{ name: "Bu\u0308ro" }, { name: " a " }]));
    const { changes } = await into(
      [Tag.record({ name: "Büro" }), Tag.record({ name: "a" })],
      [Tag],
    );
    expect(changes).toEqual([]);
  });

  it("that has the two forms beside each other changes and deletes neither", async () => {
    await put(
      "tags.json",
      JSON.stringify([{ name: "Bu\u0308ro", color: "ff0000" }, { name: "Büro" }]),
    );
    const { changes, findings } = await into([Tag.record({ name: "Büro" })], [Tag]);
    expect(changes).toEqual([]);
    expect(findings).toMatchObject([{ kind: "duplicate" }]);
  });

  it("with a file that is written while the folder is read ends the run", async () => {
    await put("tags.yaml", "- name: a\n- name: b\n");
    await put("tenants.csv", "name\nAcme\n");
    const folder = createFolderAdapter({ path, models: [Tag, Tenant] });
    const source: Adapter = {
      ...folder,
      async *load(context) {
        for await (const batch of folder.load(context)) {
          await put("tags.yaml", "- name: a\n");
          yield batch;
        }
      },
    };
    await expect(into(hub, [Tag, Tenant], source)).rejects.toThrow(
      /tags\.yaml was changed while it was read/,
    );
  });

  it("can be read again by the same adapter after an honest change", async () => {
    await put("tags.yaml", "- name: a\n");
    const adapter = createFolderAdapter({ path, models: [Tag] });
    const read = () =>
      loadSide(adapter, {
        side: "source",
        schema,
        store: createMemoryStore(schema),
        models: [Tag],
      });
    expect((await read()).counts).toEqual({ tag: 1 });
    await put("tags.yaml", "- name: a\n- name: b\n");
    expect((await read()).counts).toEqual({ tag: 2 });
  });
});

describe("a target folder", () => {
  it("keeps an entry that is no record by not being written at all", async () => {
    await put(".plumbline", "");
    const text = "- name: a\n- just a text\n";
    await put("tags.yaml", text);

    const { outcomes } = await write([Tag.record({ name: "a", color: "ff0000" })]);

    expect(outcomes.map(({ status }) => status)).toEqual(["failed"]);
    expect(outcomes[0]!.error!.message).toMatch(/tags\.yaml:2 is not a record/);
    expect(await get("tags.yaml")).toBe(text);
  });

  it("keeps what somebody else writes between two batches", async () => {
    await put(".plumbline", "");
    const target = createFolderAdapter({ path, models: [Tag], isTarget: true });
    const { changes } = await sync({
      source: createMemoryAdapter("hub", schema, [
        Tag.record({ name: "a" }),
        Tag.record({ name: "b" }),
      ]),
      target,
      schema,
      models: [Tag],
      isDryRun: true,
      asksDeletes: true,
      ceiling: null,
    });
    const context = {
      signal: new AbortController().signal,
      logger: { debug() {}, info() {}, warning() {}, error() {} },
    };
    const writer = await target.writer!(context);
    expect(await writer.findStale!(changes, context)).toEqual([]);
    const statuses: string[] = [];
    const apply = async (part: typeof changes) => {
      for await (const { status } of writer.apply(part, context)) statuses.push(status);
    };

    await apply(changes.slice(0, 1));
    await put("tags.yaml", "- name: a\n- name: b\n  color: '00ff00'\n- name: hand-made\n");
    await apply(changes.slice(1));

    expect(statuses).toEqual(["applied", "stale"]);
    expect(await get("tags.yaml")).toMatch(/00ff00[^]*hand-made/);
  });
});
