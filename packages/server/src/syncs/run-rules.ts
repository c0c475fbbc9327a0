import {
  checkIgnore,
  ignorableModels,
  type IgnoreRule,
  ignoreTexts,
  parseIgnoreRule,
  type Schema,
  type Scope,
} from "@plumbline/sync";
import { scopeLines } from "../plugins/job-scope.ts";
import { inRunTransaction } from "./fence.ts";
import type { RunContext } from "./run-context.ts";

/** What a run is about, and what it passes over. */
export interface RunRules {
  readonly scope: Scope | null;
  readonly ignore: readonly IgnoreRule[];
}

/** Takes together what job, configuration and run say, and records it in words. @throws where it does not fit */
export async function recordRules(
  { database, job, request }: RunContext,
  schema: Schema,
): Promise<RunRules> {
  const scope = job.scope?.(request.variables) ?? null;
  const ignore = [...job.ignore, ...request.ignore.map(parseIgnoreRule)];
  checkIgnore(ignorableModels(schema), ignore);
  const lines = scopeLines(schema, scope);
  if (lines.length + ignore.length > 0) {
    await inRunTransaction(database, request, (client) =>
      client.query("update sync set scope = $2, ignored = $3 where id = $1", [
        request.syncId,
        lines,
        ignoreTexts(ignore),
      ]),
    );
  }
  return { scope, ignore };
}
