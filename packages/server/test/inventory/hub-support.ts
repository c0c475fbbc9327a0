import { hubModels } from "@plumbline/models";
import {
  type Adapter,
  type Canonical,
  type Change,
  createSchema,
  type Finding,
  keyLabel,
  type LoadContext,
  type Model,
  type Outcome,
  silentLogger,
  type Values,
  type Writer,
} from "@plumbline/sync";
import { createHubAdapter, type HubAdapterOptions } from "../../src/inventory/hub-adapter.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

export const schema = createSchema(hubModels.map(({ model }) => model));
export const contentTypes = hubModels.map(({ contentType }) => contentType);

export const applyContext = { signal: new AbortController().signal, logger: silentLogger };

export function loadContext(signal = applyContext.signal): LoadContext & { findings: unknown[] } {
  const findings: unknown[] = [];
  return {
    signal,
    logger: silentLogger,
    findings,
    scope: null,
    expect: () => undefined,
    report: (finding: Omit<Finding, "side">) => void findings.push(finding),
    incomplete: () => undefined,
    absent: () => undefined,
    unkeyed: () => undefined,
  };
}

/** Values as an author gives them, in canonical form: only those that are given. */
function canonical(model: Model, values: Readonly<Record<string, unknown>>): Values {
  const found: Record<string, Canonical> = {};
  for (const [name, value] of Object.entries(values)) {
    found[name] = model.field(name).normalise(value, schema.encodeReference);
  }
  return found;
}

const nothing = { parentModel: null, parentKey: null, rank: 0, sourceId: null };

export function creates(name: string, values: Readonly<Record<string, unknown>>): Change {
  const model = schema.model(name);
  const key = schema.encodeKey(
    model,
    model.keyNames.map((part) => values[part]),
  );
  const keyValues = Object.fromEntries(
    model.keyNames.map((part) => [part, schema.keyPart(model, key, part)]),
  );
  return {
    ...nothing,
    model: name,
    action: "create",
    key,
    label: keyLabel(schema, model, key),
    before: null,
    after: { ...canonical(model, values), ...keyValues },
    fields: [],
    targetId: null,
    targetVersion: null,
  };
}

export interface Loaded {
  readonly model: string;
  readonly id: string;
  readonly version: string;
  readonly key: string;
  readonly values: Values;
}

export function updates(record: Loaded, values: Readonly<Record<string, unknown>>): Change {
  const model = schema.model(record.model);
  const after = canonical(model, values);
  const fields = Object.keys(after);
  return {
    ...nothing,
    model: record.model,
    action: "update",
    key: record.key,
    label: keyLabel(schema, model, record.key),
    before: Object.fromEntries(fields.map((field) => [field, record.values[field] ?? null])),
    after,
    fields,
    targetId: record.id,
    targetVersion: record.version,
  };
}

export function deletes(record: Loaded): Change {
  return {
    ...nothing,
    model: record.model,
    action: "delete",
    key: record.key,
    label: keyLabel(schema, record.model, record.key),
    before: record.values,
    after: null,
    fields: [],
    targetId: record.id,
    targetVersion: record.version,
  };
}

export interface TestHub {
  readonly database: TestDatabase;
  readonly adapter: Adapter;
  readonly writer: Writer;
  apply(...changes: readonly Change[]): Promise<Outcome[]>;
  /** Applies and expects nothing to be refused. */
  fill(...changes: readonly Change[]): Promise<void>;
  load(model?: string): Promise<Loaded[]>;
  find(model: string, label: string): Promise<Loaded>;
  /** Forgets everything, and fills in the small estate again. */
  reset(): Promise<void>;
  drop(): Promise<void>;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function openHub(options: HubAdapterOptions = {}): Promise<TestHub> {
  const database = await createTestDatabase();
  const adapter = createHubAdapter(database, schema.models, options);
  const writer = await adapter.writer?.(applyContext);
  if (!writer) throw new Error("The hub has no writer.");

  const apply = (...changes: readonly Change[]): Promise<Outcome[]> =>
    collect(writer.apply(changes, applyContext));
  async function fill(...changes: readonly Change[]): Promise<void> {
    for (const change of changes) {
      const [outcome] = await apply(change);
      if (outcome?.status !== "applied") {
        throw new Error(`${change.label}: ${outcome?.error?.message ?? "no outcome"}`);
      }
    }
  }

  async function load(model?: string): Promise<Loaded[]> {
    const records: Loaded[] = [];
    for await (const item of adapter.load(loadContext())) {
      for (const record of "model" in item ? [item] : item) {
        if (model !== undefined && record.model.name !== model) continue;
        const values = record.values as Values;
        records.push({
          model: record.model.name,
          id: record.id ?? "",
          version: record.version ?? "",
          key: schema.encodeKey(
            record.model,
            record.model.keyNames.map((part) =>
              record.model.field(part).kind === "reference" && values[part] !== null
                ? { encodedKey: values[part] }
                : values[part],
            ),
          ),
          values,
        });
      }
    }
    return records;
  }
  return {
    database,
    adapter,
    writer,
    apply,
    load,
    fill,
    async reset() {
      const tables = hubModels.map(({ model }) => model.plural);
      await database.pool.query(`truncate ${tables.join(", ")}, object_change cascade`);
      await fill(...smallEstate);
    },
    async find(model, label) {
      const found = (await load(model)).find(({ key }) => keyLabel(schema, model, key) === label);
      if (!found) throw new Error(`The hub has no ${model} ${label}.`);
      return found;
    },
    drop: () => database.drop(),
  };
}

/** A status, tag, tenant, a tree of locations, and a network, all named as people would. */
export const smallEstate: readonly Change[] = [
  creates("status", { name: "Active", content_types: contentTypes }),
  creates("tag", { name: "edge", content_types: contentTypes }),
  creates("tag", { name: "core", content_types: contentTypes }),
  creates("tenant", { name: "Acme", tags: ["edge"] }),
  creates("location_type", { name: "Country" }),
  creates("location_type", { name: "Site", parent: "Country", content_types: ["ipam.prefix"] }),
  creates("location_type", { name: "Zone", nestable: true }),
  creates("location", { name: "Germany", location_type: "Country", status: "Active" }),
  creates("location", {
    name: "Berlin",
    parent: ["Germany"],
    location_type: "Site",
    status: "Active",
    tenant: "Acme",
    latitude: "52.52",
    longitude: "13.405000",
    asn: 4_200_000_001,
    tags: ["edge", "core"],
  }),
  creates("namespace", { name: "Global" }),
  creates("namespace", { name: "Lab", location: ["Berlin", ["Germany"]], tenant: "Acme" }),
  creates("prefix", { prefix: "10.0.0.0/8", type: "container", status: "Active" }),
  creates("prefix", {
    prefix: "10.1.0.0/16",
    status: "Active",
    locations: [["Berlin", ["Germany"]]],
    date_allocated: "2024-02-03T04:05:06.789Z",
  }),
  creates("ip_address", {
    namespace: "Global",
    host: "10.1.2.3",
    mask_length: 24,
    status: "Active",
    dns_name: "Gateway.Example.net",
    tags: ["edge"],
  }),
];
