import { styleText } from "node:util";
import { differenceWord } from "@plumbline/sync";
import type { getSync } from "@plumbline/server";
import { planWord } from "./reviewed-plan.ts";
import { statusWord } from "./status-word.ts";
import { syncType } from "./sync-type.ts";

type SyncDetail = Awaited<ReturnType<typeof getSync>>;

type Column = "create" | "update" | "delete" | "unchanged" | "held" | "applied" | "failed";

/** The columns of the counts with their titles; a comparison has those of its differences alone. */
function columnsOf(sync: SyncDetail): readonly (readonly [Column, string])[] {
  if (sync.direction !== "comparison") {
    return (["create", "update", "delete", "unchanged", "held", "applied", "failed"] as const).map(
      (name) => [name, name],
    );
  }
  const differences = (["create", "update", "delete"] as const).map(
    (action) => [action, differenceWord(action, sync, 2)] as const,
  );
  return [...differences, ["unchanged", "equal"]];
}

/** A sync as text: what, its outcome in words, counts by model (of those that any record is of), what was held and why. */
export function syncSummary(sync: SyncDetail): string {
  const columns = columnsOf(sync);
  const models = sync.models.filter((model) => columns.some(([name]) => model[name] > 0));
  const width = Math.max(18, ...models.map(({ label }) => label.length + 1));
  const lines = [
    titleOf(sync),
    `sync ${sync.id}`,
    ...(isReviewed(sync) ? [`plan ${planWord(sync)}`] : []),
    ...(sync.undoOf === null ? [] : [`takes back sync ${sync.undoOf}`]),
    ...sync.scope.map((line) => `scope: ${line}`),
    ...(sync.ignored.length > 0 ? [`ignored: ${sync.ignored.join(", ")}`] : []),
    "",
    ["".padEnd(width), ...columns.map(([, title]) => title.padStart(widthOf(title)))].join(""),
    ...models.map((model) =>
      [
        model.label.padEnd(width),
        ...columns.map(([name, title]) => String(model[name]).padStart(widthOf(title))),
      ].join(""),
    ),
    "",
    `${styleText("bold", statusWord(sync), { stream: process.stdout })}: ${sync.sentence}`,
  ];
  if (sync.statusReason !== null) lines.push(sync.statusReason);
  for (const { label, outOfScope, ignored } of sync.models) {
    if (outOfScope > 0) lines.push(`out of scope: ${String(outOfScope)} ${label}`);
    if (ignored > 0) lines.push(`ignored: ${String(ignored)} changes of ${label}`);
  }
  for (const { model, count, reason, isExample } of sync.holds) {
    const example = isExample ? "of one of them: " : "";
    lines.push(`held: ${String(count)} of ${model}: ${example}${reason}`);
  }
  if (sync.possible.apply.allowed) {
    lines.push(
      `Apply exactly this: press Apply on its record, or plumbline apply ${sync.id} --plan ${planWord(sync)}`,
    );
  }
  if (sync.possible.resume.allowed) lines.push(`Carry on: plumbline resume ${sync.id}`);
  if (sync.possible.retry.allowed) lines.push(`Try what failed again: plumbline retry ${sync.id}`);
  if (sync.possible.undo.allowed) lines.push(`Take it back: plumbline undo ${sync.id}`);
  return `${lines.join("\n")}\n`;
}

/** Whether people look at its plan before it is applied. */
function isReviewed({ direction, isDryRun, planDigest }: SyncDetail): boolean {
  return direction !== "comparison" && isDryRun && planDigest !== null;
}

function titleOf(sync: SyncDetail): string {
  const { direction, sourceName, targetName } = sync;
  const arrow = direction === "comparison" ? "↔" : "→";
  const type = syncType(sync);
  return `${sourceName} ${arrow} ${targetName}${type === "sync" ? "" : ` (${type})`}`;
}

function widthOf(title: string): number {
  return Math.max(10, title.length + 2);
}
