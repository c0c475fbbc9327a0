import { hubModels } from "@plumbline/models";
import {
  type Change,
  createSchema,
  type Model,
  type Outcome,
  type OutcomeError,
  PlumblineError,
  type Schema,
  type StaleChange,
  type Writer,
} from "@plumbline/sync";
import type { ModelTable } from "./model-table.ts";

/** The files that hold the records, whichever their format. */
export interface RecordFiles {
  /** What people call them: the path. */
  readonly path: string;
  /** Reads a model's records as they are now. */
  open(schema: Schema, model: Model): Promise<ModelTable>;
  /** Makes a model's records last, all of them at once. */
  save(model: Model, table: ModelTable): Promise<void>;
}

/** Applies changes to records in files, which are replaced whole, once for each batch. */
export function createFileWriter(files: RecordFiles, models: readonly Model[]): Writer {
  const schema = withTargets(models);
  const checked = new Map<string, Promise<ModelTable>>();

  /** As it was when the checking of a plan began, which may ask many times. */
  function checkedTable(model: string): Promise<ModelTable> {
    let table = checked.get(model);
    if (!table) checked.set(model, (table = files.open(schema, schema.model(model))));
    return table;
  }

  async function applyToModel(
    name: string,
    changes: readonly Change[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    const model = schema.model(name);
    try {
      // Read anew for each batch: what others wrote meanwhile is neither overwritten nor missed.
      const table = await files.open(schema, model);
      if (signal.aborted) return changes.map((change) => outcome(change, "cancelled"));
      const outcomes = changes.map((change) => applyOne(table, model, change));
      await files.save(model, table);
      return outcomes;
    } catch (error) {
      return changes.map((change) => outcome(change, "failed", describe(files.path, error)));
    }
  }

  return {
    batchSize: 50_000,
    isTransactional: true,
    async findStale(changes) {
      const stale: StaleChange[] = [];
      for (const change of changes) {
        // A second step's record is as its first step leaves it.
        if (change.step === 2) continue;
        const reason = (await checkedTable(change.model)).staleness(change);
        if (reason !== null) stale.push({ change, reason });
      }
      return stale;
    },
    async *apply(changes, context) {
      for (const [model, group] of Map.groupBy(changes, (change) => change.model)) {
        yield* await applyToModel(model, group, context.signal);
      }
    },
  };
}

function applyOne(table: ModelTable, model: Model, change: Change): Outcome {
  if (change.action === "update" && change.fields.some((name) => model.keyNames.includes(name))) {
    return outcome(change, "failed", {
      code: "unsupported",
      message: `${change.label} cannot be renamed in files, where others refer to it by its name; create it anew and delete the old one.`,
      field: null,
      value: null,
    });
  }
  const reason = table.staleness(change);
  if (reason !== null) {
    return outcome(change, "stale", {
      code: "stale",
      message: `${change.label} is not as planned: ${reason}. Run again.`,
      field: null,
      value: null,
    });
  }
  table.apply(change);
  return outcome(change, "applied");
}

function outcome(
  change: Change,
  status: Outcome["status"],
  error: OutcomeError | null = null,
): Outcome {
  return { change, status, targetId: null, error };
}

function describe(path: string, error: unknown): OutcomeError {
  const isOurs = error instanceof PlumblineError;
  const why = (error as NodeJS.ErrnoException).code ?? String(error);
  return {
    code: isOurs ? error.code : "remote-system",
    message: isOurs
      ? error.message
      : `${path} cannot be written (${why}); check its permissions and the free space.`,
    field: null,
    value: null,
  };
}

/** Keys may be made of records of models that are not written: the hub's are known. */
function withTargets(models: readonly Model[]): Schema {
  const names = new Set(models.map((model) => model.name));
  const others = hubModels.map(({ model }) => model).filter((model) => !names.has(model.name));
  return createSchema([...models, ...others]);
}
