import type { z } from "@hono/zod-openapi";
import { sql } from "kysely";
import { NotFoundError } from "@plumbline/sync";
import type { JobManifest } from "../../plugins/manifest.ts";
import type {
  Dashboard as DashboardSchema,
  JobCard as JobCardSchema,
  JobDetail as JobDetailSchema,
} from "../../rest/declarations/job.ts";
import type { Reader } from "./conditions.ts";
import { jobStateOf, standingOf } from "./job-state.ts";
import { readManifestOf } from "./manifest.ts";
import { readRuns } from "./runs.ts";
import type { JobRuns } from "./runs.ts";
import { listSyncs } from "./sync-rows.ts";

export type Dashboard = z.infer<typeof DashboardSchema>;
export type JobCard = z.infer<typeof JobCardSchema>;
export type JobDetail = z.infer<typeof JobDetailSchema>;

/** Every Data Source, Data Target and comparison, how each stands, and the ten newest syncs. */
export async function readDashboard(reader: Reader): Promise<Dashboard> {
  const manifest = await readManifestOf(reader);
  const runs = await readRuns(
    reader,
    manifest.jobs.map(({ id }) => id),
  );
  const recent = await listSyncs(reader, {}, { limit: 10, offset: 0 });
  const cards = manifest.jobs.map((job) => toCard(job, runs.get(job.id)));
  const standings = manifest.jobs.map((job) => standingOf(runs.get(job.id)?.newest ?? []).kind);
  const count = (kind: (typeof standings)[number]): number =>
    standings.filter((standing) => standing === kind).length;
  return {
    summary: {
      agree: count("agree"),
      differ: count("differ"),
      failing: count("failing"),
      neverRun: count("never-run"),
    },
    sources: cards.filter(({ direction }) => direction === "source"),
    targets: cards.filter(({ direction }) => direction === "target"),
    comparisons: cards.filter(({ direction }) => direction === "comparison"),
    recentSyncs: recent.items,
    loadErrors: [...manifest.errors],
  };
}

function toCard(job: JobManifest, runs: JobRuns | undefined): JobCard {
  const newest = runs?.newest ?? [];
  return {
    id: job.id,
    title: job.title,
    description: job.description,
    direction: job.direction,
    system: job.system,
    sourceName: job.sourceName,
    targetName: job.targetName,
    hubSide: job.hubSide,
    isExample: job.isExample,
    state: jobStateOf(newest),
    total: runs?.total ?? 0,
    lastRuns: newest.toReversed().map((run) => ({
      syncId: run.syncId,
      jobResultId: run.jobResultId,
      status: run.status,
      changes: run.planned,
      isDryRun: run.isDryRun,
      startedAt: run.startedAt?.toISOString() ?? null,
      createdAt: run.createdAt.toISOString(),
    })),
  };
}

/** @throws NotFoundError for a job that the last discovery did not find. */
export async function getJob(reader: Reader, id: string): Promise<JobDetail> {
  const manifest = await readManifestOf(reader);
  const job = manifest.jobs.find((candidate) => candidate.id === id);
  if (job === undefined) {
    throw new NotFoundError(
      `There is no job "${id}". It may have been removed from the configuration; the dashboard lists those there are.`,
    );
  }
  const runs = await readRuns(reader, [id]);
  const {
    targetLock: _,
    variables,
    models,
    mappings,
    configuration,
    deleteRules,
    scope,
    ignored,
    ...facts
  } = job;
  return {
    ...facts,
    models: [...models],
    deleteRules: [...deleteRules],
    scope: [...scope],
    ignored: [...ignored],
    mappings: [...mappings],
    configuration: [...configuration],
    variables: variables.map((variable) => ({ ...variable, choices: [...variable.choices] })),
    state: jobStateOf(runs.get(id)?.newest ?? []),
    lastInput: await readLastInput(reader, id),
  };
}

async function readLastInput(reader: Reader, jobId: string): Promise<JobDetail["lastInput"]> {
  const { rows } = await sql<NonNullable<JobDetail["lastInput"]>>`
    select is_dry_run as "isDryRun", asks_deletes as "asksDeletes", input as variables
      from sync where job_id = ${jobId} and undo_of is null order by created_at desc limit 1`.execute(
    reader,
  );
  return rows[0] ?? null;
}
