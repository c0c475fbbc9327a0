import {
  type Adapter,
  type AnyModelClass,
  compareCodePoints,
  type DiffSyncModel,
  type Ensured,
  type ModelLike,
  type RecordId,
  type Value,
} from "@plumbline/sync/diffsync";
import { describeError } from "./case-error.ts";
import type { CaseOperation, CaseRecord, ConformanceCase, Observed } from "./case-format.ts";
import { entries, record as plain } from "./case-json.ts";
import { createEventLog } from "./case-log.ts";
import { buildRecord, declareAdapter, declareModel } from "./case-models.ts";
import { adapterDictView, dictView } from "./case-views.ts";

/** Runs the operations of a case one after the other; an error ends none but its own. */
export function runStoreCase(given: ConformanceCase): Observed {
  const run = new StoreCase(given);
  const results = (given.operations ?? []).map((operation): Value => {
    try {
      return { ok: run.perform(operation) };
    } catch (error) {
      return { error: describeError("store", error) };
    }
  });
  return { results, events: run.events };
}

type AdapterStatics = Pick<typeof Adapter, "getModelTree" | "getTreeTraversal">;

class StoreCase {
  readonly #models: ReadonlyMap<string, AnyModelClass>;
  readonly #adapter: Adapter;
  readonly #statics: AdapterStatics;
  readonly #handles = new Map<string, DiffSyncModel>();
  readonly events: Value[];

  constructor(given: ConformanceCase) {
    const { logger, events } = createEventLog();
    const models = (given.models ?? []).map(declareModel);
    const name = given.adapterName ?? "Adapter";
    const made = declareAdapter(name, models, given.topLevel ?? []);
    this.events = events;
    this.#models = new Map(models.map((model) => [model.modelName, model]));
    this.#adapter = new made({ name: given.instanceName, logger });
    this.#statics = made;
  }

  perform(operation: CaseOperation): Value {
    const access = this.#access(operation);
    const read = readings[operation.op];
    if (read) return read(access);
    const work = effects[operation.op];
    if (!work) throw new UnknownOperation(operation.op);
    work(access);
    return null;
  }

  #access(operation: CaseOperation): Access {
    const adapter = this.#adapter;
    const handle = (part: string): DiffSyncModel => {
      const name = textAt(operation, part);
      const found = this.#handles.get(name);
      if (!found) throw new Error(`The handle "${name}" is unknown.`);
      return found;
    };
    return {
      adapter,
      statics: this.#statics,
      operation,
      record: () => handle("ref"),
      child: () => handle("child"),
      model: () => this.#modelLike(operation, handle),
      modelClass: () => this.#modelClass(operation),
      build: (given) => {
        const record = buildRecord(this.#models, given);
        this.#handles.set(textAt(operation, "as"), record);
      },
      view: (record) => ({
        model: record.getType(),
        uid: record.getUniqueId(),
        attrs: record.getAttrs(),
        refs: [...this.#handles].filter(([, held]) => held === record).map(([name]) => name),
      }),
    };
  }

  #modelLike(operation: CaseOperation, handle: (part: string) => DiffSyncModel): ModelLike {
    const by = operation["by"] ?? "name";
    if (by === "instance") return handle("ref");
    if (by === "class") return this.#modelClass(operation);
    if (by === "name") return textAt(operation, "model");
    throw new Error(`A type is passed by "${JSON.stringify(by)}", which is unknown.`);
  }

  #modelClass(operation: CaseOperation): AnyModelClass {
    const name = textAt(operation, "model");
    const model = this.#models.get(name);
    if (!model) throw new Error(`The case does not declare a model "${name}".`);
    return model;
  }
}

class UnknownOperation extends Error {
  constructor(operation: string) {
    super(`The operation "${operation}" is unknown.`);
  }
}

/** What an operation works with. */
interface Access {
  readonly adapter: Adapter;
  readonly statics: AdapterStatics;
  readonly operation: CaseOperation;
  readonly record: () => DiffSyncModel;
  readonly child: () => DiffSyncModel;
  readonly model: () => ModelLike;
  readonly modelClass: () => AnyModelClass;
  readonly build: (given: CaseRecord) => void;
  readonly view: (record: DiffSyncModel) => Value;
}

function ensured(access: Access, [record, isNew]: Ensured<DiffSyncModel>): Value {
  return { object: access.view(record), created: isNew };
}

/** Operations that give nothing back. */
const effects: Readonly<Record<string, (access: Access) => void>> = {
  new: ({ operation, build }) => build(operation["object"] as unknown as CaseRecord),
  add: ({ adapter, record }) => adapter.add(record()),
  update: ({ adapter, record }) => adapter.update(record()),
  remove: ({ adapter, operation, record }) =>
    adapter.remove(record(), { removeChildren: operation["removeChildren"] === true }),
  loadFromDict: ({ adapter, operation }) => adapter.loadFromDict(readData(operation)),
  addChild: ({ record, child }) => record().addChild(child()),
  removeChild: ({ record, child }) => record().removeChild(child()),
  setAttr: ({ record, operation }) =>
    record().setField(textAt(operation, "attr"), operation["value"]),
};

/** Operations whose answer is looked at. */
const readings: Readonly<Record<string, (access: Access) => Value>> = {
  get: ({ adapter, model, operation, view }) => view(adapter.get(model(), readId(operation))),
  getOrNone: ({ adapter, model, operation, view }) => {
    const record = adapter.getOrNull(model(), readId(operation));
    return record && view(record);
  },
  getAll: ({ adapter, model }) => adapter.getAll(model()).map((record) => record.getUniqueId()),
  getByUids: ({ adapter, model, operation }) =>
    adapter
      .getByUids(operation["uids"] as readonly string[], model())
      .map((record) => record.getUniqueId()),
  getOrInstantiate: (access) => {
    const { adapter, modelClass, operation } = access;
    const { ids, attrs } = operation;
    const attributes = attrs === undefined ? undefined : plain(attrs);
    return ensured(access, adapter.getOrInstantiate(modelClass(), plain(ids), attributes));
  },
  updateOrInstantiate: (access) => {
    const { adapter, modelClass, operation } = access;
    const { ids, attrs } = operation;
    return ensured(access, adapter.updateOrInstantiate(modelClass(), plain(ids), plain(attrs)));
  },
  getOrAddModelInstance: (access) =>
    ensured(access, access.adapter.getOrAddModelInstance(access.record())),
  updateOrAddModelInstance: (access) =>
    ensured(access, access.adapter.updateOrAddModelInstance(access.record())),
  count: ({ adapter, model, operation }) => {
    const isOfOne = operation["model"] !== undefined || operation["by"] !== undefined;
    return adapter.count(isOfOne ? model() : undefined);
  },
  length: ({ adapter }) => adapter.size,
  modelNames: ({ adapter }) => [...adapter.getAllModelNames()].sort(compareCodePoints),
  adapterStr: ({ adapter, operation }) => adapter.str({ indent: Number(operation["indent"] ?? 0) }),
  adapterName: ({ adapter }) => ({
    str: adapter.toString(),
    repr: adapter.describe(),
    name: adapter.name,
    type: adapter.type,
  }),
  adapterDict: ({ adapter, operation }) =>
    adapterDictView(adapter.dict(readDictOptions(operation["options"]))),
  treeTraversal: ({ statics, operation }) =>
    operation["asDict"] === true ? statics.getModelTree() : statics.getTreeTraversal(),
  // A copy: the list itself changes with the operations that follow.
  childUids: ({ record, operation }) => [
    ...(record().getField(textAt(operation, "field")) as readonly string[]),
  ],
  uniqueId: ({ record }) => record().getUniqueId(),
  shortname: ({ record }) => record().getShortName(),
  identifiers: ({ record }) => record().getIdentifiers(),
  attrs: ({ record }) => record().getAttrs(),
  createUniqueId: ({ modelClass, operation }) =>
    modelClass().createUniqueId(plain(operation["ids"]) as never),
  modelStr: ({ record, operation }) =>
    record().str({
      includeChildren: operation["includeChildren"] !== false,
      indent: Number(operation["indent"] ?? 0),
    }),
  modelRepr: ({ record }) => ({ str: record().toString(), repr: record().describe() }),
  modelDict: ({ record }) => dictView(record().dict()),
  hasAdapter: ({ record, adapter }) => record().adapter === adapter,
};

function textAt(operation: CaseOperation, name: string): string {
  const text = operation[name];
  if (typeof text === "string") return text;
  throw new Error(`The operation "${operation.op}" needs a text "${name}".`);
}

function readId({ id = null }: CaseOperation): RecordId {
  return typeof id === "string" ? id : plain(id);
}

function readDictOptions(options: Value | undefined): Readonly<Record<string, boolean>> {
  const names: Readonly<Record<string, string>> = {
    exclude_defaults: "excludeDefaults",
    exclude_none: "excludeNone",
  };
  return Object.fromEntries(
    entries(options).map(([name, value]) => {
      const known = names[name];
      if (known === undefined) throw new Error(`The option "${name}" of dict is unknown.`);
      return [known, value === true];
    }),
  );
}

/** The records to load, with the flags' field under its name here. */
function readData(
  operation: CaseOperation,
): ReadonlyMap<string, ReadonlyMap<string, Record<string, unknown>>> {
  return new Map(
    entries(operation["data"]).map(([model, records]) => [
      model,
      new Map(
        entries(records).map(([uid, fields]) => {
          const { model_flags: modelFlags, ...values } = plain(fields);
          return [uid, modelFlags === undefined ? values : { ...values, modelFlags }];
        }),
      ),
    ]),
  );
}
