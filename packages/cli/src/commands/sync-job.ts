import { userInfo } from "node:os";
import { InvalidInputError } from "@plumbline/sync";
import { startSync } from "@plumbline/server";
import { followRun } from "../follow-run.ts";
import { withInstallation } from "../installation.ts";

interface SyncJobOptions {
  apply?: boolean;
  deletes?: boolean;
  var: string[];
  ignore: string[];
  json?: boolean;
  exitCode?: boolean;
}

/** Queues a job, follows it to its end, and prints what it did. Returns the exit code. */
export async function syncJob(jobId: string, options: SyncJobOptions): Promise<number> {
  refusePath(jobId);
  const variables = parseVariables(options.var);
  return withInstallation(async (opened) => {
    const { jobResultId, syncId } = await startSync(opened, {
      jobId,
      isDryRun: !options.apply,
      asksDeletes: options.deletes ?? false,
      variables,
      ignore: options.ignore,
      user: { id: null, name: userInfo().username },
    });
    return followRun(opened, { jobResultId, syncId }, options);
  });
}

/** @throws InvalidInputError for a path in the place of a job, before anything is opened */
function refusePath(jobId: string): void {
  if (!/[/\\.]/.test(jobId)) return;
  throw new InvalidInputError(
    `${jobId} is a path, and no job. To sync two paths name both: plumbline sync ${jobId} <target>.`,
  );
}

function parseVariables(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) {
        throw new InvalidInputError(
          `--var ${text} is not of the form name=value; \`plumbline jobs\` lists each job's variables.`,
        );
      }
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
