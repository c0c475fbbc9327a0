import {
  type Adapter,
  type AnyModelClass,
  type DiffSyncModel,
  type MaybePromise,
  ObjectNotCreated,
  ObjectNotDeleted,
  ObjectNotUpdated,
  type SyncStatus,
  type Value,
  type ValueMap,
} from "@plumbline/sync/diffsync";
import { OtherError } from "./case-error.ts";
import type { CaseFailure } from "./case-format.ts";
import { named } from "./case-models.ts";

type Result = DiffSyncModel | null;

const refusals = {
  create: ObjectNotCreated,
  update: ObjectNotUpdated,
  delete: ObjectNotDeleted,
} as const;

/** A model whose creates, updates and deletes are kept in `actions`, and fail where the case says so. */
export function recordCalls(
  model: AnyModelClass,
  actions: Value[],
  failures: readonly CaseFailure[],
): AnyModelClass {
  const { modelName } = model;

  async function call(
    action: keyof typeof refusals,
    uid: string,
    kept: { readonly ids: Value; readonly attrs: Value },
    work: () => MaybePromise<Result>,
    add?: (record: DiffSyncModel) => void,
  ): Promise<Result> {
    actions.push({ action, model: modelName, ...kept });
    const failure = failures.find(
      (one) => one.action === action && one.model === modelName && one.uid === uid,
    );
    const { effect, message = "", status } = failure ?? {};
    if (effect === "raise") throw new refusals[action](message);
    if (effect === "raiseOther") throw new OtherError(message);
    if (effect === "none") return null;
    const result = await work();
    if (effect === "status") result?.setStatus(readStatus(status), message);
    else if (effect === "addsItself" && result) add?.(result);
    else if (effect !== undefined) throw new Error(`The effect "${effect}" is unknown.`);
    return result;
  }

  const base = model as unknown as typeof DiffSyncModel;
  const recorded = class extends base {
    static override create(
      adapter: Adapter,
      ids: ValueMap,
      attrs: ValueMap,
    ): MaybePromise<DiffSyncModel | null> {
      const kept = { ids: { ...ids }, attrs: { ...attrs } };
      const work = (): MaybePromise<Result> => super.create(adapter, ids, attrs);
      const add = (record: DiffSyncModel): void => adapter.store.add(record);
      return call("create", this.createUniqueId(ids), kept, work, add);
    }

    override update(attrs: ValueMap): MaybePromise<Result> {
      const kept = { ids: this.getIdentifiers(), attrs: { ...attrs } };
      return call("update", this.getUniqueId(), kept, () => super.update(attrs));
    }

    override delete(): MaybePromise<Result> {
      const kept = { ids: this.getIdentifiers(), attrs: null };
      return call("delete", this.getUniqueId(), kept, () => super.delete());
    }
  };
  return named(recorded as unknown as AnyModelClass, model.name);
}

function readStatus(status: string | undefined): SyncStatus {
  if (status === "unknown" || status === "success" || status === "failure" || status === "error") {
    return status;
  }
  throw new Error(`The status "${status ?? ""}" is unknown.`);
}
