import { styleText } from "node:util";
import type { getSync } from "@plumbline/server";

type SyncDetail = Awaited<ReturnType<typeof getSync>>;

const columns = ["create", "update", "delete", "unchanged", "held", "applied", "failed"] as const;

/** A sync as text: what, its outcome in words, counts by model (of those that any record is of), what was held and why. */
export function syncSummary(sync: SyncDetail): string {
  const models = sync.models.filter((model) => columns.some((name) => model[name] > 0));
  const width = Math.max(18, ...models.map(({ label }) => label.length + 1));
  const lines = [
    `${sync.sourceName} → ${sync.targetName}${sync.isDryRun ? " (dry run)" : ""}`,
    `sync ${sync.id}`,
    ...(sync.undoOf === null ? [] : [`takes back sync ${sync.undoOf}`]),
    ...sync.scope.map((line) => `scope: ${line}`),
    ...(sync.ignored.length > 0 ? [`ignored: ${sync.ignored.join(", ")}`] : []),
    "",
    ["".padEnd(width), ...columns.map((name) => name.padStart(10))].join(""),
    ...models.map((model) =>
      [model.label.padEnd(width), ...columns.map((name) => String(model[name]).padStart(10))].join(
        "",
      ),
    ),
    "",
    `${styleText("bold", sync.status, { stream: process.stdout })}: ${sync.sentence}`,
  ];
  if (sync.statusReason !== null) lines.push(sync.statusReason);
  for (const { label, outOfScope, ignored } of sync.models) {
    if (outOfScope > 0) lines.push(`out of scope: ${String(outOfScope)} ${label}`);
    if (ignored > 0) lines.push(`ignored: ${String(ignored)} changes of ${label}`);
  }
  for (const { model, count, reason } of sync.holds) {
    lines.push(`held: ${String(count)} of ${model}: ${reason}`);
  }
  if (sync.possible.apply.allowed) {
    lines.push(`Apply exactly this: press Apply on its record, or plumbline apply ${sync.id}`);
  }
  if (sync.possible.resume.allowed) lines.push(`Carry on: plumbline resume ${sync.id}`);
  if (sync.possible.retry.allowed) lines.push(`Try what failed again: plumbline retry ${sync.id}`);
  if (sync.possible.undo.allowed) lines.push(`Take it back: plumbline undo ${sync.id}`);
  return `${lines.join("\n")}\n`;
}
