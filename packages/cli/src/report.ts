import { styleText } from "node:util";
import { type ReportStyle, reportText, type Schema, type SyncResult } from "@plumbline/sync";

const styles: Readonly<Record<ReportStyle, Parameters<typeof styleText>[0]>> = {
  heading: "bold",
  create: "green",
  update: "yellow",
  delete: "red",
  obstacle: "dim",
};

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function paint(style: ReportStyle, text: string): string {
  return styleText(styles[style], text, { stream: process.stdout });
}

/** Writes a plan and what became of it, for people: colour on a terminal, plain text elsewhere. */
export async function writeReport(
  { changes, outcomes, findings }: SyncResult,
  options: { sentence: string; isDryRun: boolean; schema: Schema },
): Promise<void> {
  const ended = new Map(outcomes.map((outcome) => [outcome.change, outcome]));
  const reported = changes.map((change) => ({ change, outcome: ended.get(change) ?? null }));
  for await (const part of reportText([reported], { schema: options.schema, paint })) {
    process.stdout.write(part);
  }
  if (findings.length > 0) process.stdout.write(`${paint("heading", "Findings")}\n`);
  for (const { side, message, origin } of findings) {
    const where = origin === null ? "" : ` (${origin})`;
    process.stdout.write(`  ! ${side}: ${message}${where}\n`);
  }
  const dry = options.isDryRun && changes.length > 0 ? " (dry run: nothing was written)" : "";
  process.stdout.write(`${options.sentence}${dry}\n`);
}
