import type { Logger } from "../adapter.ts";
import { InvalidDeclarationError } from "../errors.ts";
import { Diff } from "./diff.ts";
import { calculateDiff } from "./differ.ts";
import { DiffClassMismatch, ObjectNotFound } from "./errors.ts";
import type { AnyModelClass } from "./model-class.ts";
import { type ModelTree, modelTree, modelTreeText } from "./model-tree.ts";
import type { DictOptions, DiffSyncModel, MaybePromise, ValueMap } from "./model.ts";
import {
  type Ensured,
  LocalStore,
  type ModelLike,
  nameOf,
  type RecordId,
  RecordStore,
} from "./store.ts";
import { performSync } from "./syncer.ts";
import { compareCodePoints, type Value } from "./value.ts";

/** Model classes by the name of their model. */
export type AdapterModels = Readonly<Record<string, AnyModelClass>>;

/** What `Adapter.declare` is told. */
export interface AdapterDeclaration<M extends AdapterModels> {
  /** Each under its model's name. */
  readonly models: M;
  /** Models at which a diff begins, in the order of the diff. Others are reached as children only. */
  readonly topLevel?: readonly (keyof M & string)[];
  /** What the adapter's kind is called; the name of its class where absent. */
  readonly type?: string;
}

/** What an adapter is made with. */
export interface AdapterOptions {
  /** What this one is called in diffs and logs; its type where absent. */
  readonly name?: string | undefined;
  /** Where records are kept: a store, or a class of them. In memory where absent. */
  readonly store?: RecordStore | (new () => RecordStore) | undefined;
  /** Told about diffs, syncs and records as they come and go. Nobody where absent. */
  readonly logger?: Logger | undefined;
}

/** Called as a diff or a sync proceeds. */
export type ProgressCallback = (stage: "diff" | "sync", current: number, total: number) => void;

/** A class of diffs: `Diff`, or one of yours that orders or keeps elements in its own way. */
export type DiffClass = new () => Diff;

/** How two adapters are compared. */
export interface DiffOptions {
  readonly diffClass?: DiffClass | undefined;
  /** `SyncFlags`. */
  readonly flags?: number | undefined;
  readonly callback?: ProgressCallback | undefined;
}

/** How a sync is done. */
export interface SyncFromOptions extends DiffOptions {
  /** A diff that was made before. One without elements does not count. */
  readonly diff?: Diff | undefined;
}

/** All records of an adapter: type, then unique id, then fields. */
export type AdapterDict = Record<string, Record<string, Record<string, Value>>>;

/** Records to load: type, then any name, then fields. A Map keeps the order of number-like names. */
export type AdapterData = Entries<Entries<Readonly<Record<string, unknown>>>>;
type Entries<T> = ReadonlyMap<string, T> | { readonly [name: string]: T };

/** What a declared adapter is: records are typed by the names of its models. */
export type AdapterClass<M extends AdapterModels> = Omit<typeof Adapter, "prototype"> & {
  new (options?: AdapterOptions): TypedReads<M> & Adapter;
};

interface TypedReads<M extends AdapterModels> {
  get<N extends keyof M & string>(model: N, id: RecordId): InstanceType<M[N]>;
  getOrNull<N extends keyof M & string>(model: N, id: RecordId): InstanceType<M[N]> | null;
  getAll<N extends keyof M & string>(model: N): readonly InstanceType<M[N]>[];
  getByUids<N extends keyof M & string>(uids: readonly string[], model: N): InstanceType<M[N]>[];
}

/**
 * The records of one side, and what is done with them: compared with another side, made like it.
 *
 *     class Lab extends Adapter.declare({ models: { site: Site, device: Device }, topLevel: ["site"] }) {
 *       override async load() { … this.add(new Site({ name: "ams" })) … }
 *     }
 */
export class Adapter {
  readonly type: string;
  readonly name: string;
  readonly store: RecordStore;
  readonly logger: Logger | undefined;

  static readonly models: ReadonlyMap<string, AnyModelClass> = new Map();
  static readonly topLevel: readonly string[] = [];
  static readonly typeName: string | undefined = undefined;

  /** Declares an adapter. @throws InvalidDeclarationError for a declaration that contradicts itself */
  static declare<const M extends AdapterModels>(
    declaration: AdapterDeclaration<M>,
  ): AdapterClass<M> {
    const { models, topLevel = [], type } = declaration;
    checkDeclaration(models, topLevel);
    const declared = class extends Adapter {
      static override readonly models = new Map<string, AnyModelClass>(Object.entries(models));
      static override readonly topLevel = [...topLevel];
      static override readonly typeName = type;
    };
    return declared as unknown as AdapterClass<M>;
  }

  constructor(options: AdapterOptions = {}) {
    const { store = LocalStore } = options;
    this.store = store instanceof RecordStore ? store : new store();
    this.store.adapter = this;
    this.type = this.declared.typeName ?? this.constructor.name;
    this.name = options.name || this.type;
    this.logger = options.logger;
  }

  private get declared(): typeof Adapter {
    return this.constructor as typeof Adapter;
  }

  get topLevel(): readonly string[] {
    return this.declared.topLevel;
  }

  /** Number of all records. */
  get size(): number {
    return this.store.count();
  }

  /** The class of a model of this adapter. */
  findModel(name: string): AnyModelClass | undefined {
    return this.declared.models.get(name);
  }

  /** Type, and name where it is another: `Lab "ams"`. */
  toString(): string {
    return this.type === this.name ? this.type : `${this.type} "${this.name}"`;
  }

  /** `<Lab "ams">` */
  describe(): string {
    return `<${this.toString()}>`;
  }

  /** Fills the adapter from the system it stands for. Nothing calls it but you. */
  load(): MaybePromise<void> {
    return undefined;
  }

  /** Called after a sync into this adapter that did something, or tried to. */
  syncComplete(_source: Adapter, _diff: Diff, _flags: number): MaybePromise<void> {
    return undefined;
  }

  // -- Comparing and syncing

  /** What would make this adapter like `source`. */
  diffFrom(source: Adapter, options: DiffOptions = {}): Diff {
    return calculateDiff({
      source,
      destination: this,
      diffClass: options.diffClass ?? Diff,
      flags: options.flags ?? 0,
      callback: options.callback,
    });
  }

  /** What would make `target` like this adapter. */
  diffTo(target: Adapter, options: DiffOptions = {}): Diff {
    return target.diffFrom(this, options);
  }

  /**
   * Makes this adapter like `source`, element by element, through `create`, `update` and `delete` of its models.
   * @returns the diff that was worked through
   * @throws DiffClassMismatch where `diff` is not of `diffClass`
   * @throws ObjectCrudError of the first failure, unless `SyncFlags.continueOnFailure` is set
   */
  async syncFrom(source: Adapter, options: SyncFromOptions = {}): Promise<Diff> {
    const { diffClass = Diff, flags = 0, callback } = options;
    const ready = options.diff && options.diff.size > 0 ? options.diff : undefined;
    if (ready && !(ready instanceof diffClass)) {
      throw new DiffClassMismatch(
        `The provided diff's class (${(ready as Diff).constructor.name}) does not match the diff_class: ${diffClass.name}`,
      );
    }
    const diff = ready ?? this.diffFrom(source, options);
    const isChanged = await performSync({ diff, source, destination: this, flags, callback });
    if (isChanged) await this.syncComplete(source, diff, flags);
    return diff;
  }

  /** Makes `target` like this adapter. */
  syncTo(target: Adapter, options: SyncFromOptions = {}): Promise<Diff> {
    return target.syncFrom(this, options);
  }

  // -- Records

  /** Types there are records of, or have been asked for. */
  getAllModelNames(): ReadonlySet<string> {
    return this.store.modelNames();
  }

  /** @throws ObjectNotFound where there is none */
  get(model: ModelLike, id: RecordId): DiffSyncModel {
    return this.store.get(model, id);
  }

  getOrNull(model: ModelLike, id: RecordId): DiffSyncModel | null {
    try {
      return this.store.get(model, id);
    } catch (error) {
      if (error instanceof ObjectNotFound) return null;
      throw error;
    }
  }

  getAll(model: ModelLike): readonly DiffSyncModel[] {
    return this.store.list(nameOf(model));
  }

  /** @throws ObjectNotFound where one of them is not there */
  getByUids(uids: readonly string[], model: ModelLike): DiffSyncModel[] {
    return this.store.getByUids(uids, model);
  }

  /** @throws ObjectAlreadyExists where another record has the unique id */
  add(record: DiffSyncModel): void {
    this.store.add(record);
  }

  /** Adds a record, or puts it in the place of the one with its unique id. */
  update(record: DiffSyncModel): void {
    this.store.update(record);
  }

  /** @throws ObjectNotFound where there is none with its unique id */
  remove(record: DiffSyncModel, options?: { readonly removeChildren?: boolean }): void {
    this.store.remove(record, options);
  }

  getOrInstantiate<T extends DiffSyncModel>(
    model: new (values: never) => T,
    identifiers: ValueMap,
    attributes?: ValueMap,
  ): Ensured<T> {
    return this.store.getOrInstantiate(model, identifiers, attributes);
  }

  getOrAddModelInstance(record: DiffSyncModel): Ensured<DiffSyncModel> {
    return this.store.getOrAddModelInstance(record);
  }

  updateOrInstantiate<T extends DiffSyncModel>(
    model: new (values: never) => T,
    identifiers: ValueMap,
    attributes: ValueMap,
  ): Ensured<T> {
    return this.store.updateOrInstantiate(model, identifiers, attributes);
  }

  updateOrAddModelInstance(record: DiffSyncModel): Ensured<DiffSyncModel> {
    return this.store.updateOrAddModelInstance(record);
  }

  /** Number of records of a model, or of all. */
  count(model?: ModelLike): number {
    return this.store.count(model === undefined ? undefined : nameOf(model));
  }

  // -- Views

  /** All records as plain objects, without fields that hold their default unless asked for. */
  dict(options: DictOptions = {}): AdapterDict {
    const types = Array.from(this.store.modelNames(), (model) => {
      const records = this.store
        .list(model)
        .map(
          (record) =>
            [record.getUniqueId(), record.dict({ excludeDefaults: true, ...options })] as const,
        );
      return [model, Object.fromEntries(records)] as const;
    });
    return Object.fromEntries(types);
  }

  /** Adds what `dict` gave. Types the adapter does not know are left out. */
  loadFromDict(data: AdapterData): void {
    for (const name of this.declared.modelOrder()) {
      const model = this.findModel(name);
      const records = read(data, name);
      if (!model || !records) continue;
      const all = records instanceof Map ? records.values() : Object.values(records);
      for (const values of all) this.add(new model(values as never));
    }
  }

  /** Top-level records and their children as indented text. */
  str(options: { readonly indent?: number } = {}): string {
    const indent = options.indent ?? 0;
    const margin = " ".repeat(indent);
    return this.topLevel
      .map((model) => {
        const records = this.store.list(model);
        if (records.length === 0) return `${margin}${model}: []`;
        const lines = records.map((record) => record.str({ indent: indent + 2 }));
        return [`${margin}${model}`, ...lines].join("\n");
      })
      .join("\n");
  }

  /** Top-level models in their order, then the others by name. */
  private static modelOrder(): readonly string[] {
    const others = [...this.models.keys()].filter((name) => !this.topLevel.includes(name));
    return [...this.topLevel, ...others.sort(compareCodePoints)];
  }

  /** Which models are children of which, as a tree. */
  static getModelTree(): ModelTree {
    return modelTree(
      this.modelOrder().map(
        (name) => [name, [...(this.models.get(name)?.layout.children.keys() ?? [])]] as const,
      ),
    );
  }

  /** The tree of models as lines. */
  static getTreeTraversal(): string {
    return modelTreeText(this.getModelTree(), this.name);
  }
}

function read<T>(entries: Entries<T>, name: string): T | undefined {
  if (entries instanceof Map) return (entries as ReadonlyMap<string, T>).get(name);
  const plain = entries as { readonly [name: string]: T };
  return Object.hasOwn(plain, name) ? plain[name] : undefined;
}

/** The messages are DiffSync's own, so that a declaration that was ported is refused in known words. */
function checkDeclaration(models: AdapterModels, topLevel: readonly string[]): void {
  for (const [name, model] of Object.entries(models)) {
    if (model.modelName === name) continue;
    throw new InvalidDeclarationError(
      `Incorrect field name - ${model.name} has type name "${model.modelName}", not "${name}"`,
    );
  }
  for (const name of topLevel) {
    if (Object.hasOwn(models, name)) continue;
    const problem = isMember(name) ? "is not a DiffSyncModel subclass" : "is not a class attribute";
    throw new InvalidDeclarationError(
      `top_level references attribute "${name}" but it ${problem}!`,
    );
  }
}

/** Whether every adapter has a member of that name, in this spelling or in Python's. */
function isMember(name: string): boolean {
  const camelCase = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const statics = ["declare", "models", "topLevel", "type", "getModelTree", "getTreeTraversal"];
  return [name, camelCase].some(
    (member) => member in Adapter.prototype || statics.includes(member),
  );
}
