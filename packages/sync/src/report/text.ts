import { type FieldChange, fieldChanges } from "./field-changes.ts";
import { obstacleOf, stepText, type ReportedChanges, type ReportOptions, signs } from "./report.ts";

/** What a part of a text report is, for whoever paints it. */
export type ReportStyle = "heading" | "create" | "update" | "delete" | "obstacle";

/** How a report for a terminal looks. */
export interface TextReportOptions extends ReportOptions {
  /** Puts colour on a part; none where absent. */
  readonly paint?: ((style: ReportStyle, text: string) => string) | undefined;
}

/** Changes as lines for people, under a heading for each run of one type. */
export async function* reportText(
  changes: ReportedChanges,
  { schema, paint = (_, text) => text }: TextReportOptions,
): AsyncGenerator<string, void, undefined> {
  let heading = "";
  for await (const batch of changes) {
    for (const reported of batch) {
      const { change } = reported;
      const { pluralLabel } = schema.model(change.model);
      if (pluralLabel !== heading) yield `${paint("heading", pluralLabel)}\n`;
      heading = pluralLabel;
      yield `${paint(change.action, `  ${signs[change.action]} ${change.label}${stepText(change)}`)}\n`;
      for (const each of fieldChanges(schema, change)) {
        yield `      ${each.field}: ${fieldText(each)}\n`;
      }
      const obstacle = obstacleOf(reported);
      if (obstacle !== null) yield `      ${paint("obstacle", obstacle)}\n`;
    }
  }
}

/** "Active → Planned"; member by member for sets and keyed lists: "+ pci, - legacy". */
export function fieldText({ before, after, members }: FieldChange): string {
  if (members === null) return `${before} → ${after}`;
  const parts = [
    ...members.added.map((member) => `+ ${member}`),
    ...members.removed.map((member) => `- ${member}`),
    ...members.changed.map((member) => `~ ${member.before} → ${member.after}`),
  ];
  return parts.join(", ");
}
