import type { Adapter } from "./adapter.ts";
import { ObjectAlreadyExists, ObjectNotFound, UnknownTypeError } from "./errors.ts";
import type { AnyModelClass } from "./model-class.ts";
import type { DiffSyncModel, ValueMap } from "./model.ts";
import { layoutSlot, valuesSlot } from "./record-slots.ts";
import { entriesText } from "./value-text.ts";
import { equalValues } from "./value.ts";

/** A model by name, by class, or as one of its records. */
export type ModelLike = string | AnyModelClass | DiffSyncModel;

/** Which record: its unique id, or its identifiers by name. */
export type RecordId = string | ValueMap;

/** A record, and whether it had to be created or added. */
export type Ensured<T extends DiffSyncModel> = readonly [record: T, isNew: boolean];

/**
 * Where an adapter keeps its records. A store of another kind implements the abstract members; DiffSync's
 * `BaseStore`.
 */
export abstract class RecordStore {
  adapter: Adapter | null = null;
  readonly name: string;

  constructor(name?: string) {
    this.name = name ?? this.constructor.name;
  }

  /** Types there are records of, or have been asked for. */
  abstract modelNames(): ReadonlySet<string>;
  abstract find(model: string, uid: string): DiffSyncModel | undefined;
  /** The records of a type, in the order in which they were added. */
  abstract list(model: string): readonly DiffSyncModel[];
  /** Adds or replaces what is kept under a unique id. */
  abstract put(model: string, uid: string, record: DiffSyncModel): void;
  /** Whether there was a record to take away. */
  abstract drop(model: string, uid: string): boolean;
  /** Records of one type, or of all. */
  abstract count(model?: string): number;

  toString(): string {
    return this.name;
  }

  /**
   * @throws ObjectNotFound where there is none
   * @throws UnknownTypeError for identifiers of a type the adapter does not know
   */
  get(model: ModelLike, id: RecordId): DiffSyncModel {
    const name = nameOf(model);
    const uid = this.uidOf(model, id);
    const record = this.find(name, uid);
    if (!record) throw this.notFound(name, uid);
    return record;
  }

  /** @throws ObjectNotFound where one of them is not there */
  getByUids(uids: readonly string[], model: ModelLike): DiffSyncModel[] {
    const name = nameOf(model);
    return uids.map((uid) => {
      const record = this.find(name, uid);
      if (!record) throw this.notFound(name, uid);
      return record;
    });
  }

  /** @throws ObjectAlreadyExists where another record has the unique id; the same one again is fine */
  add(record: DiffSyncModel): void {
    const name = record.getType();
    const uid = record.getUniqueId();
    const existing = this.find(name, uid);
    if (existing === record) return;
    if (existing) throw new ObjectAlreadyExists(`Object ${uid} already present`, record);
    // An adapter that holds nothing counts as none.
    if (!record.adapter?.size) record.adapter = this.adapter;
    this.put(name, uid, record);
  }

  /** Adds a record, or puts it in the place of the one with its unique id. */
  update(record: DiffSyncModel): void {
    const name = record.getType();
    const uid = record.getUniqueId();
    if (this.find(name, uid) !== record) this.put(name, uid, record);
  }

  /** Called where a sync changed a record. A store that gives out copies writes it; others need not. */
  save(_record: DiffSyncModel): void {
    return undefined;
  }

  /**
   * Takes a record out, with all its children where asked for.
   * @throws ObjectNotFound where there is none with its unique id; a child that is missing is only logged
   */
  remove(record: DiffSyncModel, options: { readonly removeChildren?: boolean } = {}): void {
    const name = record.getType();
    const uid = record.getUniqueId();
    if (!this.drop(name, uid)) throw this.notFound(name, uid);
    if (record.adapter?.size) record.adapter = null;
    if (!options.removeChildren) return;
    for (const [childType, { place }] of record[layoutSlot].children) {
      for (const childId of record[valuesSlot][place] as unknown as readonly string[]) {
        try {
          this.remove(this.get(childType, childId), options);
        } catch (error) {
          if (!(error instanceof ObjectNotFound)) throw error;
          this.adapter?.logger?.error("Unable to remove child element as it was not found!", {
            childType,
            childId,
            parentType: name,
            parentId: uid,
          });
        }
      }
    }
  }

  /** The record with the identifiers; built and added where there is none. */
  getOrInstantiate<T extends DiffSyncModel>(
    model: new (values: never) => T,
    identifiers: ValueMap,
    attributes: ValueMap = {},
  ): Ensured<T> {
    const existing = this.findById(model, identifiers);
    return existing ? [existing, false] : [this.addNew(model, identifiers, attributes), true];
  }

  /** The record with the unique id of `record`; `record` itself is added where there is none. */
  getOrAddModelInstance(record: DiffSyncModel): Ensured<DiffSyncModel> {
    const existing = this.find(record.getType(), record.getUniqueId());
    if (existing) return [existing, false];
    this.add(record);
    return [record, true];
  }

  /** As `getOrInstantiate`, and the attributes are assigned. @throws UnknownMemberError for one the model lacks */
  updateOrInstantiate<T extends DiffSyncModel>(
    model: new (values: never) => T,
    identifiers: ValueMap,
    attributes: ValueMap,
  ): Ensured<T> {
    const existing = this.findById(model, identifiers);
    const record = existing ?? this.addNew(model, identifiers, attributes);
    for (const [name, value] of Object.entries(attributes)) {
      if (!equalValues(record.getField(name), value)) record.setField(name, value);
    }
    return [record, !existing];
  }

  /** As `getOrAddModelInstance`, and the attributes of `record` are assigned. */
  updateOrAddModelInstance(record: DiffSyncModel): Ensured<DiffSyncModel> {
    const attributes = record.getAttrs();
    const existing = this.find(record.getType(), record.getUniqueId());
    if (!existing) this.add(record);
    const kept = existing ?? record;
    for (const [name, value] of Object.entries(attributes)) kept.setField(name, value);
    return [kept, !existing];
  }

  private findById<T extends DiffSyncModel>(
    model: new (values: never) => T,
    identifiers: ValueMap,
  ): T | undefined {
    const known = model as unknown as AnyModelClass;
    return this.find(known.modelName, this.uidOf(known, identifiers)) as T | undefined;
  }

  private addNew<T extends DiffSyncModel>(
    model: new (values: never) => T,
    identifiers: ValueMap,
    attributes: ValueMap,
  ): T {
    const record = new model({ ...identifiers, ...attributes } as never);
    this.add(record);
    return record;
  }

  private uidOf(model: ModelLike, id: RecordId): string {
    if (typeof id === "string") return id;
    const known = typeof model === "string" ? this.adapter?.findModel(model) : classOf(model);
    if (known) return known.createUniqueId(id as never);
    const identifiers = entriesText(Object.entries(id));
    throw new UnknownTypeError(
      `Invalid args: (${nameOf(model)}, None, ${identifiers}): either None should be a class/instance or ${identifiers} should be a str`,
    );
  }

  private notFound(model: string, uid: string): ObjectNotFound {
    return new ObjectNotFound(`${model} ${uid} not present in ${this.toString()}`);
  }
}

export function nameOf(model: ModelLike): string {
  if (typeof model === "string") return model;
  return typeof model === "function" ? model.modelName : model.getType();
}

function classOf(model: AnyModelClass | DiffSyncModel): AnyModelClass {
  return typeof model === "function" ? model : (model.constructor as unknown as AnyModelClass);
}

/** Keeps records in this process's memory. */
export class LocalStore extends RecordStore {
  private readonly tables = new Map<string, Map<string, DiffSyncModel>>();

  constructor(name?: string) {
    super(name ?? "LocalStore");
  }

  override modelNames(): ReadonlySet<string> {
    return new Set(this.tables.keys());
  }

  override find(model: string, uid: string): DiffSyncModel | undefined {
    return this.table(model).get(uid);
  }

  override list(model: string): readonly DiffSyncModel[] {
    return [...this.table(model).values()];
  }

  override put(model: string, uid: string, record: DiffSyncModel): void {
    this.table(model).set(uid, record);
  }

  override drop(model: string, uid: string): boolean {
    return this.table(model).delete(uid);
  }

  override count(model?: string): number {
    if (model !== undefined && model !== "") return this.table(model).size;
    let total = 0;
    for (const table of this.tables.values()) total += table.size;
    return total;
  }

  /** A type that is asked for is there from then on, without records. */
  private table(model: string): Map<string, DiffSyncModel> {
    let table = this.tables.get(model);
    if (!table) {
      table = new Map();
      this.tables.set(model, table);
    }
    return table;
  }
}
