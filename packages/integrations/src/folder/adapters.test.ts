import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  hubModels,
  IPAddress,
  Location,
  LocationType,
  Namespace,
  Prefix,
  Status,
  Tag,
  Tenant,
} from "@plumbline/models";
import { type Adapter, createSchema, type RawRecord, type Schema, sync } from "@plumbline/sync";
import { createMemoryAdapter, describeAdapter, generatedEstates } from "@plumbline/sync/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDocumentAdapter } from "./document-adapter.ts";
import { createFolderAdapter } from "./folder-adapter.ts";

const schema = createSchema(hubModels.map(({ model }) => model));

const germany = { name: "Germany", parent: { name: "Europe" } };

/** What the folder holds at first: awkward texts on purpose. */
const held: readonly RawRecord[] = [
  Status.record({ name: "Active", content_types: ["dcim.location", "ipam.prefix"] }),
  Tag.record({ name: "a|b" }),
  Tag.record({ name: "[odd]" }),
  Tag.record({ name: "007" }),
  Tenant.record({ name: '{"not": "json"}', comments: 'two\nlines, a "quote"', tags: ["a|b"] }),
  Tenant.record({ name: "true", description: "1.10", tags: ["007", "[odd]"] }),
  LocationType.record({ name: "Region", nestable: true }),
  Location.record({ name: "Europe", location_type: "Region", status: "Active" }),
  Location.record({ ...germany, location_type: "Region", status: "Active", tenant: "true" }),
  Location.record({
    name: "Berlin",
    parent: germany,
    location_type: "Region",
    status: "Active",
    tenant: '{"not": "json"}',
    latitude: "52.52",
  }),
  Namespace.record({ name: "Global" }),
  Prefix.record({
    prefix: "10.0.0.0/8",
    status: "Active",
    locations: [germany, { name: "Europe" }],
  }),
  IPAddress.record({ namespace: "Global", host: "10.0.0.1", mask_length: 24, status: "Active" }),
];

const desired: readonly RawRecord[] = [
  ...held.filter(({ model, values }) => !(model === Tag && values["name"] === "a|b")).slice(0, -1),
  Location.record({
    name: "Paris",
    parent: { name: "Europe" },
    location_type: "Region",
    status: "Active",
  }),
  IPAddress.record({
    namespace: "Global",
    host: "10.0.0.1",
    mask_length: 16,
    status: "Active",
    dns_name: "host.example",
    nat_inside: { namespace: "Global", host: "10.0.0.2" },
  }),
  IPAddress.record({ namespace: "Global", host: "10.0.0.2", mask_length: 24, status: "Active" }),
].map((record) =>
  record.model === Tenant && record.values["comments"] !== undefined
    ? Tenant.record({ name: '{"not": "json"}' })
    : record,
);

let scratch: string;
let made = 0;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "plumbline-folder-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

type Open = (path: string, schema: Schema) => Adapter;

const forms: readonly [string, Open][] = [
  ...(["yaml", "json", "csv"] as const).map((format): [string, Open] => [
    `a folder of ${format} files`,
    (path, { models }) => createFolderAdapter({ path, models, isTarget: true, format }),
  ]),
  [
    "a JSON document",
    (path, { models }) => createDocumentAdapter({ path: `${path}.json`, models, isTarget: true }),
  ],
];

function fill(target: Adapter, inSchema: Schema, records: readonly RawRecord[]) {
  const source = createMemoryAdapter("memory", inSchema, records);
  return sync({
    source,
    target,
    schema: inSchema,
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
  });
}

for (const [name, open] of forms) {
  describeAdapter(name, async () => {
    const path = join(scratch, `${++made}`);
    await fill(open(path, schema), schema, held);
    return { schema, adapter: open(path, schema), reopen: () => open(path, schema), desired };
  });

  describe(name, () => {
    it("holds any records exactly, and takes any change to them", async () => {
      await fc.assert(
        fc.asyncProperty(generatedEstates(2), async ({ schema: drawn, sides }) => {
          const path = join(scratch, `${++made}`);
          for (const records of sides) {
            const first = await fill(open(path, drawn), drawn, records);
            expect(first.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
            const second = await fill(open(path, drawn), drawn, records);
            expect(second.findings).toEqual([]);
            expect(second.changes).toEqual([]);
          }
        }),
        { numRuns: 15 },
      );
    });
  });
}
