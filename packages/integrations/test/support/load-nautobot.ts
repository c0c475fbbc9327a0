import { syncedModels } from "@plumbline/models";
import { Secret } from "@plumbline/plugin-kit";
import {
  createMemoryStore,
  createSchema,
  type Finding,
  loadSide,
  type LoadSummary,
  type Logger,
  type Model,
  type SideRecord,
} from "@plumbline/sync";
import { openNautobot } from "../../src/nautobot/nautobot-adapter.ts";
import type { FakeNautobot } from "./fake-nautobot.ts";

/** What a load gave. */
export interface Loaded {
  readonly summary: LoadSummary;
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
  /** By model name, then by key. */
  readonly records: (model: Model) => ReadonlyMap<string, SideRecord>;
  readonly value: (model: Model, key: string, field: string) => unknown;
}

export interface LoadNautobotOptions {
  readonly models?: readonly Model[];
  readonly token?: string;
  readonly url?: string;
}

/** Loads a Nautobot in small pages, with its token unless told otherwise. */
export async function loadNautobot(
  fake: FakeNautobot,
  options: LoadNautobotOptions = {},
): Promise<Loaded> {
  const models = options.models ?? syncedModels;
  const warnings: string[] = [];
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warning: (message) => warnings.push(message),
    error: (message) => warnings.push(message),
  };
  const adapter = await openNautobot({
    name: "Nautobot (lab)",
    url: options.url ?? fake.url,
    token: new Secret("environment variable NAUTOBOT_TOKEN", () => options.token ?? "right"),
    models,
    pageSize: 5,
    concurrency: 3,
    retryDelayMs: 1,
    logger,
    signal: new AbortController().signal,
  });
  const given = new Map(models.map((model) => [model.name, model]));
  const schema = createSchema(syncedModels.map((model) => given.get(model.name) ?? model));
  const store = createMemoryStore(schema);
  const findings: Finding[] = [];
  const summary = await loadSide(adapter, {
    side: "source",
    schema,
    store,
    models,
    logger,
    onFinding: (finding) => findings.push(finding),
  });
  const records = (model: Model) =>
    new Map([...store.table("source", model.name).records()].map((record) => [record.key, record]));
  return {
    summary,
    findings,
    warnings,
    records,
    value: (model, key, field) => records(model).get(key)?.values[model.names.indexOf(field)],
  };
}
