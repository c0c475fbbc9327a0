import { InvalidDeclarationError, InvalidInputError } from "../errors.ts";
import type { Adapter } from "./adapter.ts";
import {
  ObjectAlreadyExists,
  ObjectNotFound,
  ObjectStoreWrongType,
  RecordValueError,
  UnknownMemberError,
} from "./errors.ts";
import { ModelFlags, type SyncStatus } from "./flags.ts";
import {
  compileLayout,
  type FieldGroup,
  isModelFlags,
  joinTexts,
  type Layout,
  uniqueIdOf,
} from "./layout.ts";
import type { FieldDeclarations } from "./fields.ts";
import type { ModelClass, ModelDeclaration, Named } from "./model-class.ts";
import { modelText } from "./model-text.ts";
import { layoutSlot, messageSlot, statusSlot, uniqueIdSlot, valuesSlot } from "./record-slots.ts";
import { compareCodePoints, copyValue, isContainer, type Value } from "./value.ts";
import { listText } from "./value-text.ts";

/** Values by field name. */
export type ValueMap = Readonly<Record<string, Value>>;

/** Something now or later. */
export type MaybePromise<T> = T | Promise<T>;

/** Which fields `dict` gives. */
export interface DictOptions {
  /** Leave out fields that hold their default. */
  readonly excludeDefaults?: boolean;
  /** Leave out fields that hold null. */
  readonly excludeNone?: boolean;
  /** Only these fields. */
  readonly include?: readonly string[];
  /** Not these fields. */
  readonly exclude?: readonly string[];
}

/**
 * A record of one side. Models are classes made by `DiffSyncModel.declare`:
 *
 *     class Device extends DiffSyncModel.declare("device", {
 *       fields: { site: text(), name: text(), role: text().nullable(), interfaces: childUids() },
 *       identifiers: ["site", "name"],
 *       attributes: ["role"],
 *       children: { interface: "interfaces" },
 *     }) {}
 *
 * Fields are read and assigned by name. What a record of the destination does when it is created, updated
 * or deleted is said by overriding `create`, `update` and `delete`.
 */
export class DiffSyncModel {
  /** The adapter that holds the record, once one does. */
  adapter: Adapter | null = null;
  /** `ModelFlags` of this record; those of its class unless given. */
  modelFlags: number;
  /** Replaced at each assignment, never changed in place: a diff may hold on to it. */
  declare [valuesSlot]: readonly Value[];
  declare readonly [layoutSlot]: Layout;
  [statusSlot]: SyncStatus = "success";
  [messageSlot] = "";
  [uniqueIdSlot] = "";

  /** @throws RecordValueError for a value that its field refuses, or a required one that is missing */
  constructor(values: Readonly<Record<string, unknown>>) {
    const layout = this[layoutSlot];
    const { fields } = layout;
    const given = values["modelFlags"];
    this.modelFlags = given === undefined ? layout.modelFlags : readFlags(layout, given);
    const held: Value[] = new Array<Value>(fields.length);
    for (let place = 0; place < fields.length; place++) {
      const field = fields[place];
      if (field === undefined) continue;
      const input = values[field.name];
      if (field.isPlain && input !== undefined) held[place] = input as Value;
      else held[place] = readValue(layout, place, input);
    }
    this[valuesSlot] = held;
  }

  /** Declares a model. @throws InvalidDeclarationError for a declaration that contradicts itself */
  static declare<
    const F extends FieldDeclarations,
    const I extends readonly Named<F>[],
    const A extends readonly Named<F>[] = [],
  >(name: string, declaration: ModelDeclaration<F, I, A>): ModelClass<F, I, A> {
    const layout = compileLayout(name, declaration);
    const reserved = layout.fields.find((field) => field.name in DiffSyncModel.prototype);
    if (reserved || layout.places.has("adapter") || layout.places.has("modelFlags")) {
      const field = reserved?.name ?? (layout.places.has("adapter") ? "adapter" : "modelFlags");
      throw new InvalidDeclarationError(
        `Model ${name}: a field cannot be called ${field}, every record has a member of that name.`,
      );
    }
    const declared = class extends DiffSyncModel {};
    Object.defineProperty(declared, "layout", { value: layout });
    Object.defineProperty(declared.prototype, layoutSlot, { value: layout });
    layout.fields.forEach((field, place) => {
      Object.defineProperty(declared.prototype, field.name, {
        configurable: true,
        get(this: DiffSyncModel): Value {
          return this[valuesSlot][place] ?? null;
        },
        set(this: DiffSyncModel, input: unknown) {
          this[valuesSlot] = this[valuesSlot].with(place, readValue(layout, place, input));
          this[uniqueIdSlot] = "";
        },
      });
    });
    return declared as unknown as ModelClass<F, I, A>;
  }

  static readonly layout: Layout = compileLayout("diffsyncmodel", { fields: {}, identifiers: [] });

  static {
    Object.defineProperty(this.prototype, layoutSlot, { value: this.layout });
  }

  /** The model's name: the type under which stores and diffs keep its records. */
  static get modelName(): string {
    return this.layout.model;
  }

  /** The unique id that identifiers make: their texts joined by `__`. */
  static createUniqueId(identifiers: ValueMap): string {
    return uniqueIdOf(this.layout, identifiers);
  }

  /** Child models and the fields that list them. */
  static getChildrenMapping(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Array.from(this.layout.children, ([child, { field }]) => [child, field]),
    );
  }

  /** Makes the record in memory; what `create` does by default and an override calls. */
  static createBase<T extends DiffSyncModel>(
    this: new (values: never) => T,
    adapter: Adapter,
    identifiers: ValueMap,
    attributes: ValueMap,
  ): T {
    const build = this as unknown as new (values: ValueMap) => T;
    const record = new build({ ...identifiers, ...attributes });
    record.adapter = adapter;
    record.setStatus("success", "Created successfully");
    return record;
  }

  /**
   * Creates the object in the destination. Null says that its children shall not be created.
   * @throws ObjectNotCreated where it failed
   */
  static create(
    adapter: Adapter,
    identifiers: ValueMap,
    attributes: ValueMap,
  ): MaybePromise<DiffSyncModel | null> {
    return this.createBase(adapter, identifiers, attributes);
  }

  /** Assigns attributes in memory; what `update` does by default and an override calls. */
  updateBase(attributes: ValueMap): MaybePromise<DiffSyncModel | null> {
    for (const [name, input] of Object.entries(attributes)) this.setField(name, input);
    this.setStatus("success", "Updated successfully");
    return this;
  }

  /** Updates the object. Null says to leave its children alone. @throws ObjectNotUpdated where it failed */
  update(attributes: ValueMap): MaybePromise<DiffSyncModel | null> {
    return this.updateBase(attributes);
  }

  /** Marks the record as deleted; what `delete` does by default and an override calls. */
  deleteBase(): MaybePromise<DiffSyncModel | null> {
    this.setStatus("success", "Deleted successfully");
    return this;
  }

  /** Deletes the object. Null says to leave its children alone. @throws ObjectNotDeleted where it failed */
  delete(): MaybePromise<DiffSyncModel | null> {
    return this.deleteBase();
  }

  getType(): string {
    return this[layoutSlot].model;
  }

  getUniqueId(): string {
    const made = this.constructor as typeof DiffSyncModel;
    if (made.createUniqueId !== DiffSyncModel.createUniqueId) {
      return made.createUniqueId(this.getIdentifiers());
    }
    if (this[uniqueIdSlot] !== "") return this[uniqueIdSlot];
    const group = this[layoutSlot].uniqueId;
    const values = this[valuesSlot];
    const uniqueId = joinTexts(values, group);
    // A list or an object may be changed from outside, and the unique id with it.
    if (!group.places.some((place) => isContainer(values[place]))) this[uniqueIdSlot] = uniqueId;
    return uniqueId;
  }

  /** A name that is unique among its siblings: the unique id unless the model declares a `shortName`. */
  getShortName(): string {
    const { shortName } = this[layoutSlot];
    return shortName.places.length > 0
      ? joinTexts(this[valuesSlot], shortName)
      : this.getUniqueId();
  }

  /** A copy of the identifiers, in the order of the fields. */
  getIdentifiers(): Record<string, Value> {
    return copyGroup(this[valuesSlot], this[layoutSlot].identifiers);
  }

  /** A copy of the attributes, in the order of the fields. */
  getAttrs(): Record<string, Value> {
    return copyGroup(this[valuesSlot], this[layoutSlot].attributes);
  }

  getChildrenMapping(): Readonly<Record<string, string>> {
    return (this.constructor as typeof DiffSyncModel).getChildrenMapping();
  }

  getStatus(): readonly [status: SyncStatus, message: string] {
    return [this[statusSlot], this[messageSlot]];
  }

  setStatus(status: SyncStatus, message = ""): void {
    this[statusSlot] = status;
    this[messageSlot] = message;
  }

  /** @throws UnknownMemberError where the model has no such field */
  getField(name: string): Value {
    const place = this[layoutSlot].places.get(name);
    if (place === undefined) {
      throw new UnknownMemberError(
        `'${this.constructor.name}' object has no attribute '${name}'`,
        "read",
      );
    }
    return this[valuesSlot][place] ?? null;
  }

  /** @throws UnknownMemberError where the model has no such field */
  setField(name: string, input: unknown): void {
    if (!this[layoutSlot].places.has(name)) {
      throw new UnknownMemberError(
        `"${this.constructor.name}" object has no field "${name}"`,
        "write",
      );
    }
    (this as unknown as Record<string, unknown>)[name] = input;
  }

  /**
   * Lists a record as a child. Only its unique id is kept.
   * @throws ObjectStoreWrongType where the model has no children of that type
   * @throws ObjectAlreadyExists where it is listed already
   */
  addChild(child: DiffSyncModel): void {
    const uids = childList(this, child, "store");
    const uid = child.getUniqueId();
    if (uids.includes(uid)) {
      throw new ObjectAlreadyExists(
        `Already storing a ${child.getType()} with unique_id ${uid}`,
        child,
      );
    }
    uids.push(uid);
  }

  /**
   * Strikes a record off the list of children.
   * @throws ObjectStoreWrongType where the model has no children of that type
   * @throws ObjectNotFound where it is not listed
   */
  removeChild(child: DiffSyncModel): void {
    const uids = childList(this, child, "find and delete");
    const index = uids.indexOf(child.getUniqueId());
    if (index < 0) {
      const field = this[layoutSlot].children.get(child.getType())?.field ?? "";
      throw new ObjectNotFound(`${child.toString()} was not found as a child in ${field}`);
    }
    uids.splice(index, 1);
  }

  /** The record as a plain object: `modelFlags` and all fields. */
  dict(options: DictOptions = {}): Record<string, Value> {
    const { fields, modelFlags } = this[layoutSlot];
    const entries: [string, Value][] = [];
    const isShown = (name: string): boolean =>
      (options.include?.includes(name) ?? true) && options.exclude?.includes(name) !== true;
    if (isShown("modelFlags") && !(options.excludeDefaults && this.modelFlags === modelFlags)) {
      entries.push(["modelFlags", this.modelFlags]);
    }
    fields.forEach((field, place) => {
      const held = this[valuesSlot][place] ?? null;
      if (!isShown(field.name)) return;
      if (options.excludeDefaults && field.isDefault(held)) return;
      if (options.excludeNone && held === null) return;
      entries.push([field.name, copyValue(held)]);
    });
    return Object.fromEntries(entries);
  }

  /** The record as JSON text, without fields that hold their default unless asked for. */
  json(options: DictOptions = {}): string {
    return JSON.stringify(this.dict({ excludeDefaults: true, ...options }));
  }

  toJSON(): Record<string, Value> {
    return this.dict();
  }

  /** The record, and its children unless told otherwise, as indented text. */
  str(options: { readonly includeChildren?: boolean; readonly indent?: number } = {}): string {
    return modelText(this, options.includeChildren ?? true, options.indent ?? 0);
  }

  /** The unique id. */
  toString(): string {
    return this.getUniqueId();
  }

  /** Type and unique id: `device "ams__a1"`. */
  describe(): string {
    return `${this.getType()} "${this.getUniqueId()}"`;
  }
}

function childList(parent: DiffSyncModel, child: DiffSyncModel, purpose: string): string[] {
  const { model, children } = parent[layoutSlot];
  const found = children.get(child.getType());
  if (!found) {
    const types = listText([...children.keys()].sort(compareCodePoints));
    throw new ObjectStoreWrongType(
      `Unable to ${purpose} ${child.getType()} as a child of ${model}; valid types are ${types}`,
    );
  }
  return parent[valuesSlot][found.place] as unknown as string[];
}

function readValue(layout: Layout, place: number, input: unknown): Value {
  const field = layout.fields[place];
  try {
    return field?.read(input) ?? null;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new RecordValueError(`${layout.model}: field ${field?.name ?? ""}: ${error.message}.`, {
      cause: error,
    });
  }
}

function readFlags(layout: Layout, flags: unknown): number {
  if (isModelFlags(flags)) return flags;
  throw new RecordValueError(
    `${layout.model}: modelFlags is no combination of ModelFlags, like ModelFlags.ignore (${ModelFlags.ignore}).`,
  );
}

function copyGroup(values: readonly Value[], { names, places }: FieldGroup): Record<string, Value> {
  const copy: Record<string, Value> = {};
  names.forEach((name, index) => {
    copy[name] = copyValue(values[places[index] ?? 0] ?? null);
  });
  return copy;
}
