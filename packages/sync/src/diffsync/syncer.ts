import type { Adapter, ProgressCallback } from "./adapter.ts";
import type { Diff } from "./diff.ts";
import type { AttributeDiffs, DiffElement } from "./diff-element.ts";
import {
  ObjectCrudError,
  ObjectNotCreated,
  ObjectNotDeleted,
  ObjectNotUpdated,
  UnknownMemberError,
} from "./errors.ts";
import { type DiffAction, ModelFlags, SyncFlags, type SyncStatus } from "./flags.ts";
import type { AnyModelClass } from "./model-class.ts";
import { DiffSyncModel, type ValueMap } from "./model.ts";
import { entriesText } from "./value-text.ts";

export interface SyncerOptions {
  readonly diff: Diff;
  readonly source: Adapter;
  readonly destination: Adapter;
  readonly flags: number;
  readonly callback: ProgressCallback | undefined;
}

/** Works through a diff, element by element. @returns whether anything was done or tried */
export function performSync(options: SyncerOptions): Promise<boolean> {
  return new Syncer(options).run();
}

const noDiffs: AttributeDiffs = {};

class Syncer {
  readonly #options: SyncerOptions;
  readonly #total: number;
  #processed = 0;
  // What is being worked on, as messages and logs name it. A parent whose children are deleted first finds the
  // last of them here, as in DiffSync: its log record names that descendant.
  #action: DiffAction = null;
  #model: AnyModelClass | null = null;
  #uniqueId = "";
  #diffs: AttributeDiffs = noDiffs;

  constructor(options: SyncerOptions) {
    this.#options = options;
    this.#total = options.diff.size;
  }

  async run(): Promise<boolean> {
    const { diff, source, destination, flags } = this.#options;
    const logged = { source: source.toString(), destination: destination.toString(), flags };
    destination.logger?.info("Beginning sync", logged);
    const isChanged = await this.#syncAll(diff.getChildren(), null);
    destination.logger?.info("Sync complete", logged);
    return isChanged;
  }

  async #syncAll(elements: Iterable<DiffElement>, parent: DiffSyncModel | null): Promise<boolean> {
    let isChanged = false;
    for (const element of elements) {
      // Most elements have nothing to do and nothing below: those wait for nobody.
      if (element.action === null && !element.hasChildren) this.#pass(element);
      else isChanged = (await this.#sync(element, parent)) || isChanged;
    }
    return isChanged;
  }

  /** Takes up an element. @returns the destination's record of it */
  #begin(element: DiffElement): DiffSyncModel | null {
    const { source, destination } = this.#options;
    const model = destination.findModel(element.type);
    if (!model) {
      throw new UnknownMemberError(
        `'${destination.constructor.name}' object has no attribute '${element.type}'`,
        "read",
      );
    }
    this.#action = element.action;
    this.#model = model;
    this.#uniqueId = uniqueIdFor(model, element);
    this.#diffs = element.action === null ? noDiffs : element.getAttrsDiffs();
    // The source's record is of no use here, but asking for it makes its type known to the source's store.
    source.store.find(element.type, this.#uniqueId);
    const existing = destination.store.find(element.type, this.#uniqueId) ?? null;
    existing?.setStatus("unknown");
    return existing;
  }

  /** An element without changes: there is nothing to do, unless its record has gone meanwhile. */
  #pass(element: DiffElement): DiffSyncModel | null {
    const existing = this.#begin(element);
    this.#log("success", "No changes to apply; no action needed");
    if (existing) this.#count();
    else this.#warnOfNothing();
    return existing;
  }

  #warnOfNothing(): void {
    this.#options.destination.logger?.warning(
      "No object resulted from sync, will not process child objects.",
      this.#details(),
    );
  }

  async #sync(element: DiffElement, parent: DiffSyncModel | null): Promise<boolean> {
    const { destination } = this.#options;
    const { action } = element;
    if (action === null) {
      const record = this.#pass(element);
      return record ? this.#syncAll(element.getChildren(), record) : false;
    }
    const existing = this.#begin(element);
    const attributes = this.#diffs["+"] ?? {};
    const flags = existing?.modelFlags ?? 0;
    const childrenFirst = (flags & ModelFlags.naturalDeletionOrder) !== 0;
    const skipChildren = (flags & ModelFlags.skipChildrenOnDelete) !== 0;

    if (childrenFirst && action === "delete" && !skipChildren) {
      await this.#syncAll(element.getChildren(), existing);
    }
    const result = await this.#apply(action, element, existing, attributes);
    if (!result) {
      this.#warnOfNothing();
      return true;
    }
    if (action === "create") {
      parent?.addChild(result);
      destination.add(result);
      if (parent) destination.store.save(parent);
    } else if (action === "update") {
      destination.store.save(result);
    } else {
      parent?.removeChild(result);
      destination.remove(result, { removeChildren: skipChildren });
      if (parent && destination.store.find(parent.getType(), parent.getUniqueId())) {
        destination.store.save(parent);
      }
      if (skipChildren) return true;
    }
    this.#count();
    if (!childrenFirst || action !== "delete") {
      await this.#syncAll(element.getChildren(), result);
    }
    return true;
  }

  #count(): void {
    this.#processed += 1;
    this.#options.callback?.("sync", this.#processed, this.#total);
  }

  /** Creates, updates or deletes. @returns the record, if there is one after it */
  async #apply(
    action: Exclude<DiffAction, null>,
    element: DiffElement,
    existing: DiffSyncModel | null,
    attributes: ValueMap,
  ): Promise<DiffSyncModel | null> {
    let result: DiffSyncModel | null;
    try {
      result = await this.#call(action, element, existing, attributes);
    } catch (error) {
      if (!(error instanceof ObjectCrudError)) throw error;
      this.#log("error", error.message);
      if ((this.#options.flags & SyncFlags.continueOnFailure) !== 0) return null;
      throw error;
    }
    const [status, message] = result?.getStatus() ?? [
      "failure",
      `${this.#model?.modelName ?? element.type} ${action} did not return the model object.`,
    ];
    this.#log(status, message);
    return result;
  }

  async #call(
    action: Exclude<DiffAction, null>,
    element: DiffElement,
    existing: DiffSyncModel | null,
    attributes: ValueMap,
  ): Promise<DiffSyncModel | null> {
    const { destination } = this.#options;
    const model = this.#model;
    this.#options.destination.logger?.debug(`Attempting model ${action}`, this.#details());
    const object = (): string =>
      `${model?.modelName ?? element.type} ${entriesText(Object.entries(element.keys))}`;
    if (action === "create") {
      if (existing) {
        throw new ObjectNotCreated(`Failed to create ${object()} - it already exists!`);
      }
      return (await model?.create(destination, element.keys as never, attributes as never)) ?? null;
    }
    if (action === "update") {
      if (!existing) throw new ObjectNotUpdated(`Failed to update ${object()} - not found!`);
      return existing.update(attributes);
    }
    if (!existing) throw new ObjectNotDeleted(`Failed to delete ${object()} - not found!`);
    return existing.delete();
  }

  #details(): Record<string, unknown> {
    const { source, destination, flags } = this.#options;
    return {
      source: source.toString(),
      destination: destination.toString(),
      flags,
      action: this.#action,
      model: this.#model?.modelName,
      uniqueId: this.#uniqueId,
      diffs: this.#diffs,
    };
  }

  #log(status: SyncStatus, message: string): void {
    const { logger } = this.#options.destination;
    const action = this.#action;
    if (!logger) return;
    if (action === null) {
      if ((this.#options.flags & SyncFlags.logUnchangedRecords) === 0) return;
      logger.debug(message, { ...this.#details(), status });
    } else {
      const level = status === "success" ? "info" : status === "failure" ? "warning" : "error";
      logger[level](message, { ...this.#details(), status });
    }
  }
}

/** The unique id the destination's model makes of an element's keys; mostly the one the element has. */
function uniqueIdFor(model: AnyModelClass, element: DiffElement): string {
  const isOwn = model.createUniqueId === DiffSyncModel.createUniqueId;
  const isSame = isOwn && hasSameNames(model.layout.uniqueId.names, element.uniqueIdNames);
  return isSame ? element.uniqueId : model.createUniqueId(element.keys as never);
}

function hasSameNames(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((name, index) => name === b[index]));
}
