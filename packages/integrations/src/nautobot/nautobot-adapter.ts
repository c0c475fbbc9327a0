import { customFieldName, type HubModel, hubModels } from "@plumbline/models";
import { createHttpClient, type HttpClient, type Secret } from "@plumbline/plugin-kit";
import {
  type Adapter,
  type ApplyContext,
  createSchema,
  InvalidDeclarationError,
  type LoadContext,
  type Logger,
  type Model,
  type RawRecord,
  type Schema,
  type Writer,
} from "@plumbline/sync";
import { begin } from "./begin.ts";
import {
  customFieldsInGraphql,
  type DefinedFields,
  hasCustomFields,
  readDefinedFields,
  shareFields,
} from "./custom-fields.ts";
import { createJoin, type Lane } from "./join.ts";
import { findLinkSources, type Links, type LinkSource, readLinks } from "./links.ts";
import { createListReader, type ListReader, listOf } from "./list-reader.ts";
import { createNautobotWriter } from "./nautobot-writer.ts";
import { checkVersion, type RemoteObject, survey, type Survey } from "./nautobot-api.ts";
import { graphqlSelection, targetOf } from "./remote-values.ts";

export interface NautobotOptions {
  readonly name: string;
  /** Of its home page, without a slash at the end. */
  readonly url: string;
  readonly token: Secret;
  readonly models: readonly Model[];
  readonly verifyTls?: boolean | undefined;
  readonly caFile?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly pageSize?: number | undefined;
  readonly retryDelayMs?: number | undefined;
  /** Whether it may be written, in the apply step alone. Default false. */
  readonly mayWrite?: boolean | undefined;
  /** Objects in a write. Default 50. */
  readonly writeSize?: number | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A model of the hub as this Nautobot has it. */
interface Resource {
  readonly hub: HubModel;
  readonly survey: Survey;
  /** Fields read, by Nautobot's names. */
  readonly fields: readonly string[];
  /** Those of them that are read apart from the objects. */
  readonly apart: readonly LinkSource[];
  /** The custom fields that are read, by their names in records. */
  readonly custom: readonly string[];
  /** Keys of those that Nautobot has and the run does not know. */
  readonly undefinedKeys: readonly string[];
  /** Whether its records are given, or only looked up for what refers to them. */
  readonly isGiven: boolean;
}

const defaultConcurrency = 4;
const defaultPageSize = 1000;
/** A web server in front of Nautobot often gives up after a minute, and a busy Nautobot writes few objects a second. */
const defaultWriteSize = 50;
/** Writes under way at once: more only queue up in Nautobot, which spends its time on them one by one. */
const mostWrites = 3;
/** How long a write under way may still take once the run is cancelled, to know what became of it. */
const cancelPatienceMs = 4000;

/**
 * Opens a Nautobot: checks address, token, version and permissions at once, so that a run fails
 * here and not halfway through. @throws RemoteSystemError, UnsupportedOperationError
 */
export async function openNautobot(options: NautobotOptions): Promise<Adapter> {
  const { name, logger } = options;
  const wanted = withReferredTo(options.models);
  const refused = new AbortController();
  const signal = AbortSignal.any([options.signal, refused.signal]);
  const client = connect(options, { signal, logger });
  // Nautobot takes a second to tell its version, because it asks its workers first.
  const defined = readDefinedFields(client, name);
  const surveys = Promise.all(wanted.map((hub) => surveyModel(hub, client, options, defined)));
  for (const asked of [defined, surveys]) asked.catch(() => undefined);
  const version = await checkVersion(client, name, options.token.origin).catch((error: unknown) => {
    refused.abort();
    throw error;
  });
  logger.info(`${name}: Nautobot ${version} at ${options.url}.`);
  const resources = await surveys;
  if ((await defined) === null && options.models.some(hasCustomFields)) {
    logger.warning(
      `${name}: the token's user may not read its custom fields, so none is synced; grant the permission extras.view_customfield.`,
    );
  }

  const schema = createSchema(hubModels.map(({ model }) => model));

  return {
    name,
    models: options.models,
    provides(model) {
      const resource = resources.find(({ hub }) => hub.model.name === model.name);
      if (resource === undefined) return [];
      const fields = resource.fields.filter((field) => model.names.includes(field));
      return [...model.keyNames, ...fields, ...resource.custom];
    },
    async *load(context) {
      const end = new AbortController();
      const signal = AbortSignal.any([options.signal, context.signal, end.signal]);
      const concurrency = options.concurrency ?? defaultConcurrency;
      const reader = createListReader(connect(options, { signal, logger: context.logger }), {
        name,
        pageSize: options.pageSize ?? defaultPageSize,
        concurrency,
        logger: context.logger,
      });
      const join = createJoin(schema, options.url, context);
      const lanes: Lane[] = [];
      for (const resource of resources) {
        if (!resource.isGiven) continue;
        context.expect(resource.hub.model, resource.survey.total);
        if (options.mayWrite !== true) reportUndefined(name, resource, context);
      }
      try {
        for (const { resource, objects } of beginAhead(resources, reader, concurrency)) {
          const lane = join.open(resource.hub, resource.fields, resource.custom);
          if (resource.isGiven) lanes.push(lane);
          yield* giveRecords(resource, objects, lane, context);
        }
        for (const lane of lanes) yield lane.settle();
      } finally {
        end.abort();
      }
    },
    ...(options.mayWrite && {
      writer: (context: ApplyContext) => openWriter(options, schema, context),
    }),
  };
}

async function surveyModel(
  hub: HubModel,
  client: HttpClient,
  { name, models }: NautobotOptions,
  defined: Promise<DefinedFields>,
): Promise<Resource> {
  const found = await survey(client, name, listOf(hub));
  const given = models.find((model) => model.name === hub.model.name);
  const isGiven = given !== undefined;
  // What is only looked up is needed for its key alone.
  const names = isGiven ? hub.model.names : hub.model.keyNames;
  const fields = remoteFields(hub.model, names, found);
  return {
    hub,
    survey: found,
    fields,
    apart: isGiven ? await findLinkSources(client, name, hub, fields, found.total) : [],
    ...(isGiven ? shareFields(hub, given, await defined) : { custom: [], undefinedKeys: [] }),
    isGiven,
  };
}

/** People are to see that values go nowhere. */
function reportUndefined(
  name: string,
  { hub: { model }, survey, undefinedKeys }: Resource,
  context: LoadContext,
): void {
  if (survey.total === 0) return;
  for (const key of undefinedKeys) {
    context.report({
      kind: "unknown-field",
      model: model.name,
      key: null,
      label: null,
      field: customFieldName(key),
      value: null,
      message: `${name} has the custom field ${key} for ${model.pluralLabel}, which the hub does not define, so its values are not read. Define it with this key, or leave it be.`,
      origin: null,
    });
  }
}

function openWriter(options: NautobotOptions, schema: Schema, context: ApplyContext): Writer {
  const concurrency = Math.min(options.concurrency ?? defaultConcurrency, mostWrites);
  const late = new AbortController();
  context.signal.addEventListener("abort", () => {
    setTimeout(() => {
      late.abort(context.signal.reason);
    }, cancelPatienceMs).unref();
  });
  return createNautobotWriter(
    {
      name: options.name,
      client: connect(options, {
        signal: late.signal,
        logger: context.logger,
        mayWrite: true,
        concurrency,
      }),
      schema,
      concurrency,
      writeSize: options.writeSize ?? defaultWriteSize,
      pauseMs: options.retryDelayMs ?? 1000,
    },
    context,
  );
}

/** The lists in their order, with so many of them under way: Nautobot answers several requests at once. */
function* beginAhead(
  resources: readonly Resource[],
  reader: ListReader,
  most: number,
): Generator<{ readonly resource: Resource; readonly objects: ObjectsRead }> {
  const begun: ObjectsRead[] = [];
  for (const [index, resource] of resources.entries()) {
    const next = resources.slice(begun.length, index + most);
    begun.push(...next.map((each) => begin(readObjects(each, reader))));
    const objects = begun[index];
    if (objects) yield { resource, objects };
  }
}

type ObjectsRead = AsyncGenerator<
  readonly RemoteObject[],
  {
    /** How many there are. */
    readonly total: number;
    /** Why some, or what belongs to them, may be missing. */
    readonly incomplete: string | null;
  }
>;

/** A model's objects, with the fields that are read apart from them. */
async function* readObjects(resource: Resource, reader: ListReader): ObjectsRead {
  const { hub, survey, fields, custom } = resource;
  const links = await readAllLinks(resource, reader);
  const own = fields.filter((field) => !links.has(field));
  const selection = graphqlSelection(hub.model, own);
  const pages = reader.read({
    list: listOf(hub),
    total: survey.total,
    selection: custom.length > 0 ? `${selection} ${customFieldsInGraphql}` : selection,
    parameters: survey.parameters,
  });
  for (;;) {
    const next = await pages.next();
    if (!next.done) {
      yield next.value.map((object) => withLinks(object, links));
      continue;
    }
    const gaps = [next.value, ...links.values()].map(({ incomplete }) => incomplete);
    return { total: next.value.total, incomplete: gaps.find((gap) => gap !== null) ?? null };
  }
}

async function* giveRecords(
  { hub: { model }, isGiven }: Resource,
  objects: ObjectsRead,
  lane: Lane,
  context: LoadContext,
): AsyncGenerator<readonly RawRecord[]> {
  for (;;) {
    const next = await objects.next();
    if (!next.done) {
      const records = lane.take(next.value);
      if (isGiven && records.length > 0) yield records;
      continue;
    }
    const rest = lane.finish();
    if (!isGiven) return;
    yield rest;
    // Declared again: objects may have come or gone since the survey.
    context.expect(model, next.value.total);
    if (next.value.incomplete !== null) context.incomplete(model, next.value.incomplete);
    return;
  }
}

async function readAllLinks(
  { apart, survey }: Resource,
  reader: ListReader,
): Promise<ReadonlyMap<string, Links>> {
  const links = new Map<string, Links>();
  for (const source of apart) {
    const found = await readLinks(reader, source, survey.parameters);
    if (found !== null) links.set(source.field, found);
  }
  return links;
}

/** REST gives every field with the object; what it gives wins. */
function withLinks(object: RemoteObject, links: ReadonlyMap<string, Links>): RemoteObject {
  if (links.size === 0) return object;
  const found: Record<string, unknown> = {};
  for (const [field, { of }] of links) {
    if (object[field] === undefined) found[field] = of(object.id);
  }
  return { ...object, ...found };
}

interface ClientUse {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly mayWrite?: boolean;
  readonly concurrency?: number;
}

function connect(options: NautobotOptions, use: ClientUse): HttpClient {
  return createHttpClient({
    system: options.name,
    baseUrl: `${options.url}/api/`,
    headers: { authorization: `Token ${options.token.reveal()}` },
    timeoutMs: (options.timeoutSeconds ?? 60) * 1000,
    concurrency: use.concurrency ?? options.concurrency ?? defaultConcurrency,
    retryDelayMs: options.retryDelayMs,
    tls: { verify: options.verifyTls, caFile: options.caFile },
    isReadOnly: use.mayWrite !== true,
    signal: use.signal,
    logger: use.logger,
  });
}

/** The models, and those that keys of what they refer to are made of; referred to before referring. */
function withReferredTo(models: readonly Model[]): readonly HubModel[] {
  const byName = new Map(hubModels.map((hub) => [hub.model.name, hub]));
  const given = new Set(models.map(({ name }) => name));
  const found = new Set<string>();
  const visit = (name: string): void => {
    const hub = byName.get(name);
    if (hub === undefined) {
      throw new InvalidDeclarationError(
        `Nautobot cannot be read for model ${name}; the models known are ${[...byName.keys()].join(", ")}.`,
      );
    }
    if (found.has(name)) return;
    found.add(name);
    const { model } = hub;
    for (const field of given.has(name) ? model.names : askedFor(model, model.keyNames)) {
      const target = targetOf(model.field(field));
      if (target !== null) visit(target);
    }
  };
  for (const name of given) visit(name);
  const { order } = createSchema(hubModels.map(({ model }) => model));
  return order.flatMap(({ name }) => (found.has(name) ? (byName.get(name) ?? []) : []));
}

/** Those of the fields to ask for that this Nautobot has. */
function remoteFields(
  model: Model,
  names: readonly string[],
  { fields }: Survey,
): readonly string[] {
  return askedFor(model, names).filter((name) => fields === null || fields.has(name));
}

/** An address's namespace is that of its parent, which the hub derives. */
function askedFor(model: Model, names: readonly string[]): readonly string[] {
  const own = names.filter((name) => !model.field(name).isDerived);
  return [...new Set(own.map((name) => model.field(name).facts.through ?? name))];
}
