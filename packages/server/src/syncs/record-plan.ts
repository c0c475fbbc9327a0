import type pg from "pg";
import type { Change, Finding, PlannedChange } from "@plumbline/sync";
import { redact } from "@plumbline/plugin-kit";
import { copyRows } from "./copy-rows.ts";
import type { PlanRow } from "./mark-instead.ts";
import { inRunTransaction, type RunFence } from "./fence.ts";
import type { ReferencePath } from "./reference-paths.ts";
import { keptMessage } from "./kept-message.ts";

/** A planned change with its place in the recorded plan. */
export interface RecordedChange extends PlannedChange {
  /** From 1, in the order of applying. */
  readonly position: number;
}

export interface ModelCounts {
  readonly model: string;
  readonly sourceCount: number;
  readonly targetCount: number;
  readonly unchangedCount: number;
  readonly outOfScopeCount: number;
  readonly ignoredCount: number;
  readonly sourceIncomplete: string | null;
  readonly targetIncomplete: string | null;
  readonly referencePaths: readonly ReferencePath[];
}

const changeColumns = [
  "sync_id",
  "position",
  "model",
  "action",
  "key",
  "label",
  "parent_model",
  "parent_key",
  "before",
  "after",
  "fields",
  "rank",
  "target_id",
  "target_version",
  "source_id",
  "step",
  "renamed_to",
  "instead_of_delete",
];

/** Writes the next rows of a plan with the guards' holds on them; returns the last position used. */
export async function recordChanges(
  database: { readonly pool: pg.Pool },
  run: RunFence,
  syncId: string,
  changes: readonly PlanRow[],
  lastPosition: number,
  renamedTo: (change: Change) => string | null,
): Promise<number> {
  await inRunTransaction(database, run, async (client) => {
    await copyRows(
      client,
      "sync_change",
      changeColumns,
      changes.map((change, index) => [
        syncId,
        lastPosition + index + 1,
        change.model,
        change.action,
        change.key,
        change.label,
        change.parentModel,
        change.parentKey,
        change.before,
        change.after,
        change.fields,
        change.rank,
        change.targetId,
        change.targetVersion,
        change.sourceId,
        change.step ?? 1,
        renamedTo(change),
        change.insteadOfDelete === true,
      ]),
    );
    const holds = changes.flatMap(({ hold }, index) =>
      hold === null
        ? []
        : [[syncId, lastPosition + index + 1, "hold", hold.guard, redact(hold.reason)] as const],
    );
    if (holds.length > 0) {
      await copyRows(
        client,
        "sync_decision",
        ["sync_id", "position", "verdict", "guard", "reason"],
        holds,
      );
    }
  });
  return lastPosition + changes.length;
}

export async function recordFindings(
  database: { readonly pool: pg.Pool },
  run: RunFence,
  syncId: string,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  await inRunTransaction(database, run, async (client) => {
    await copyRows(
      client,
      "sync_finding",
      ["sync_id", "kind", "side", "model", "key", "label", "field", "value", "message", "origin"],
      findings.map((finding) => [
        syncId,
        finding.kind,
        finding.side,
        finding.model,
        finding.key,
        finding.label,
        finding.field,
        finding.value === null ? null : redact(finding.value),
        keptMessage(finding.message),
        finding.origin,
      ]),
    );
  });
}

export async function recordModels(
  database: { readonly pool: pg.Pool },
  run: RunFence,
  syncId: string,
  models: readonly ModelCounts[],
): Promise<void> {
  await inRunTransaction(database, run, async (client) => {
    await copyRows(
      client,
      "sync_model",
      [
        "sync_id",
        "model",
        "position",
        "source_count",
        "target_count",
        "unchanged_count",
        "out_of_scope_count",
        "ignored_count",
        "source_incomplete",
        "target_incomplete",
        "reference_paths",
      ],
      models.map((counts, index) => [
        syncId,
        counts.model,
        index,
        counts.sourceCount,
        counts.targetCount,
        counts.unchangedCount,
        counts.outOfScopeCount,
        counts.ignoredCount,
        counts.sourceIncomplete,
        counts.targetIncomplete,
        // As text: a list would be written as PostgreSQL's array.
        JSON.stringify(counts.referencePaths),
      ]),
    );
  });
}
