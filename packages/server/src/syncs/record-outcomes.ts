import type pg from "pg";
import type { Outcome } from "@plumbline/sync";
import { redact } from "@plumbline/plugin-kit";
import { copyRows } from "./copy-rows.ts";
import type { RecordedChange } from "./record-plan.ts";
import { keptMessage } from "./kept-message.ts";

/**
 * Appends what became of changes. On the connection of the transaction that wrote them where the
 * target is the hub, so that record and hub cannot tell different stories.
 */
export async function recordOutcomes(
  client: pg.ClientBase,
  run: { readonly syncId: string; readonly jobResultId: string },
  outcomes: readonly Outcome<RecordedChange>[],
): Promise<void> {
  await copyRows(
    client,
    "sync_outcome",
    [
      "sync_id",
      "position",
      "job_result_id",
      "status",
      "error_code",
      "error_message",
      "error_field",
      "error_value",
      "target_id",
    ],
    outcomes.map(({ change, status, error, targetId }) => [
      run.syncId,
      change.position,
      run.jobResultId,
      status,
      error?.code ?? null,
      error === null ? null : keptMessage(error.message),
      error?.field ?? null,
      error?.value == null ? null : redact(error.value).slice(0, 200),
      targetId,
    ]),
  );
}
