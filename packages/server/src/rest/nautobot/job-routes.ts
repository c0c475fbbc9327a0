// What can be done with jobs beyond reading them: their variables, and starting a run.
import type { Context } from "hono";
import { InvalidInputError } from "@plumbline/sync";
import type { User } from "../../auth/user.ts";
import type { JobManifest } from "../../plugins/manifest.ts";
import { readManifest } from "../../plugins/manifest-store.ts";
import { readServerStatus } from "../../syncs/queries/server-status.ts";
import type { RunCommands } from "../app-options.ts";
import { onceHeaders, requestKeyOf } from "../request-key.ts";
import type { ObjectContext } from "./object-context.ts";
import { asInput, renderOne } from "./object-routes.ts";
import { readFlag } from "../../inventory/lists/filter-values.ts";
import { readBody } from "./request-body.ts";
import { Refused, refuse } from "./refused.ts";
import { textOf } from "./value-faults.ts";

export interface JobContext extends ObjectContext {
  readonly commands: RunCommands;
  readonly user: User;
}

/** Inputs of every job besides its own variables. */
const options = [
  { name: "dryrun", type: "DryRunVar", label: "Dry run", required: false },
  { name: "asks_deletes", type: "BooleanVar", label: "Apply deletes", required: false },
];

const types = {
  text: "StringVar",
  integer: "IntegerVar",
  boolean: "BooleanVar",
  choice: "ChoiceVar",
} as const;

/** The id of the job's object, for a job called by that id, by its name or by its own id. @throws Refused */
export async function findJobUuid(objects: ObjectContext, called: string): Promise<string> {
  const { rows } = await objects.database.pool.query<{ id: string }>(
    `select t.id from ${objects.resource.source} t
      where t.id::text = lower($1) or t.name = $1 or t.job_class_name = $1 limit 1`,
    [called],
  );
  const [found] = rows;
  if (!found) throw refuse(404, "No Job matches the given query.");
  return found.id;
}

export async function answerJobVariables(
  context: Context,
  objects: JobContext,
  jobUuid: string,
): Promise<Response> {
  const job = await findManifest(objects, jobUuid);
  const own = job.variables.map(({ name, kind, label, description, isRequired, ...rest }) => ({
    name,
    type: types[kind],
    ...(label === "" ? {} : { label }),
    ...(description === "" ? {} : { help_text: description }),
    ...(rest.default === null ? {} : { default: rest.default }),
    required: isRequired,
    ...(rest.choices.length === 0 ? {} : { choices: rest.choices.map((one) => [one, one]) }),
  }));
  const defaults: Record<string, boolean> = {
    dryrun: job.dryRunDefault,
    asks_deletes: job.deletesDefault,
  };
  const shared = options.map((option) => ({ ...option, default: defaults[option.name] }));
  return context.json([...own, ...shared]);
}

export async function answerJobRun(
  context: Context,
  objects: JobContext,
  jobUuid: string,
): Promise<Response> {
  const job = await findManifest(objects, jobUuid);
  const headers = onceHeaders.safeParse(context.req.header());
  if (!headers.success) {
    throw refuse(400, "The Idempotency-Key must be 1 to 200 printable characters without spaces.");
  }
  const body = asInput(await readBody(context));
  if (body["schedule"] !== undefined && body["schedule"] !== null) {
    throw new Refused(400, { schedule: ["Jobs cannot be scheduled here; run them by cron."] });
  }
  const data = (body["data"] ?? {}) as Record<string, unknown>;
  if (typeof data !== "object" || Array.isArray(data)) {
    throw new Refused(400, { data: ["Expected a dictionary of variables."] });
  }
  const { dryrun, asks_deletes: asksDeletes, ...variables } = data;
  // Clients wait for the end of what they start.
  if ((await readServerStatus(objects.database.kysely)).workers === 0) {
    throw refuse(503, "No worker is running to take the job. Start one: plumbline worker.");
  }
  try {
    const { jobResultId } = await objects.commands.startSync({
      jobId: job.id,
      isDryRun: flagOf("dryrun", dryrun),
      asksDeletes: flagOf("asks_deletes", asksDeletes),
      variables,
      user: objects.user,
      once: requestKeyOf(headers.data, "run", job.id, body),
    });
    const jobResult = await renderOne(objects, objects.resources.get("job_result"), jobResultId);
    return context.json({ scheduled_job: null, job_result: jobResult }, 201);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const faults = (error.details["faults"] ?? {}) as Record<string, string>;
    const errors = Object.entries(faults).map(
      ([name, fault]) => [name, [`${name} ${fault}.`]] as const,
    );
    const byName: unknown = errors.length > 0 ? Object.fromEntries(errors) : [error.message];
    throw new Refused(400, { errors: byName });
  }
}

function flagOf(name: string, value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  const flag = readFlag(textOf(value));
  if (flag === undefined) {
    throw new Refused(400, { errors: { [name]: ["Must be a valid boolean."] } });
  }
  return flag;
}

async function findManifest(
  { database, resource }: ObjectContext,
  uuid: string,
): Promise<JobManifest> {
  const [manifest, { rows }] = await Promise.all([
    readManifest(database.pool),
    database.pool.query<{ id: string }>(
      `select t.job_class_name as id from ${resource.source} t where t.id = $1`,
      [uuid],
    ),
  ]);
  const job = manifest.jobs.find(({ id }) => id === rows[0]?.id);
  if (!job) throw refuse(404, "No Job matches the given query.");
  return job;
}
