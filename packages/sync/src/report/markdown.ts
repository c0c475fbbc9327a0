import { fieldChanges } from "./field-changes.ts";
import { obstacleOf, type ReportedChanges, type ReportOptions, signs, stepText } from "./report.ts";
import { fieldText } from "./text.ts";

/** Changes as Markdown: a table for each run of one type. For merge requests and tickets. */
export async function* reportMarkdown(
  changes: ReportedChanges,
  { schema }: ReportOptions,
): AsyncGenerator<string, void, undefined> {
  let heading = "";
  for await (const batch of changes) {
    for (const reported of batch) {
      const { change } = reported;
      const { pluralLabel } = schema.model(change.model);
      if (pluralLabel !== heading) {
        yield `${heading === "" ? "" : "\n"}## ${cell(pluralLabel)}\n\n| | Object | Change |\n| --- | --- | --- |\n`;
      }
      heading = pluralLabel;
      const what = fieldChanges(schema, change).map(
        (each) => `${cell(each.field)}: ${cell(fieldText(each))}`,
      );
      const obstacle = obstacleOf(reported);
      if (obstacle !== null) what.push(`_${cell(obstacle)}_`);
      // A bare sign would begin a list.
      yield `| \`${signs[change.action]}\` | ${cell(change.label)}${stepText(change)} | ${what.join("<br>") || change.action} |\n`;
    }
  }
}

/** Text that stays inside its cell and is not taken for markup. */
function cell(text: string): string {
  return text.replace(/[\\|`*_[\]<>~#]/g, "\\$&").replace(/\s*\r?\n\s*/g, " ");
}
