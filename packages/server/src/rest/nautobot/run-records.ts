// What is run, and what became of it: jobs, their runs and lines, syncs.
import { sql } from "kysely";
import type { Parameters } from "../../inventory/parameters.ts";
import { isCalled } from "../../syncs/queries/change-rows.ts";
import { asText } from "../../syncs/queries/conditions.ts";
import {
  notDone,
  ofRulings,
  statusOfOutcome,
  whyWithheld,
  wordsAt,
} from "../../syncs/queries/said-of-changes.ts";
import { isForValues, syncsThatHold } from "../../syncs/queries/search-values.ts";
import {
  changeActions,
  count,
  flag,
  json,
  type ModelFacts,
  moment,
  momentInName,
  type RecordDeclaration,
  reference,
  text,
  uuidOf,
} from "./record-fields.ts";

/** A job's uuid: always the same for the same job. */
const jobUuid = (id: string) => `md5('job ' || (${id}))::uuid`;
/** All jobs wait in one. */
const queueUuid = "md5('job queue')::uuid";
/** What a job declares, and could be set to something else in Nautobot. */
const declaredOfJobs = [
  ...["grouping", "name", "console_log_default", "description", "dryrun_default", "hidden"],
  ...["soft_time_limit", "time_limit", "has_sensitive_variables", "job_queues"],
  ...["default_job_queue", "is_singleton"],
];
const seconds = (phase: string) =>
  `(select (p.finished_at - p.started_at)::text from sync_phase p
     where p.sync_id = s.id and p.phase = '${phase}' order by p.started_at desc limit 1)`;

const runStatuses = ["PENDING", "STARTED", "SUCCESS", "FAILURE", "REVOKED"];
/** A run that left something undone has failed for whoever waits for it; what was held was meant to be. */
const runStatus = `case when r.status in ('pending', 'waiting') then 'PENDING' when r.status = 'running' then 'STARTED'
  when r.status = 'cancelled' then 'REVOKED'
  when r.status in ('planned', 'in-agreement', 'applied', 'held') then 'SUCCESS' else 'FAILURE' end`;
const logCount = (level: string) =>
  `(select count(*) from job_log l where l.job_result_id = r.id and l.level = '${level}')`;
const logLevels = ["debug", "info", "success", "warning", "error"];

/** Why nobody tries to write a change, looked up only for what a page shows; null where nothing is against it. */
const withheld = `case when o.id is null then ${ofRulings("c", whyWithheld)} end`;

const memoryFigures = ["source_load", "target_load", "diff", "sync"].flatMap((phase) => [
  `${phase}_memory_final`,
  `${phase}_memory_peak`,
]);

/** That something in the sync `t` is called so or has a value that does; shorter texts are in nearly all. */
function differing(q: string, parameters: Parameters): string | null {
  const named = isCalled(q);
  if (named === undefined || !isForValues(q)) return null;
  const syncs = sql`select ch.sync_id from sync_change ch where ${named}`;
  return asText(sql`(t.id in (${syncs}) or t.id in (${syncsThatHold(q, sql`true`)}))`, parameters);
}

export const runRecords = ({ contentTypeOf }: ModelFacts): readonly RecordDeclaration[] => [
  {
    ...{ name: "job", path: "extras/jobs", contentType: "extras.job" },
    ...{ label: "Job", pluralLabel: "Jobs", description: "Data Sources and Data Targets." },
    select: `select ${jobUuid("j ->> 'id'")} as id, j ->> 'title' as display, j ->> 'title' as name,
                    j ->> 'plugin' as module_name, j ->> 'id' as job_class_name, j ->> 'system' as grouping,
                    j ->> 'description' as description, true as installed, true as enabled, false as hidden,
                    false as read_only, false as is_singleton, false as has_sensitive_variables,
                    true as supports_dryrun, (j ->> 'dryRunDefault')::boolean as dryrun_default,
                    false as is_job_hook_receiver, false as is_job_button_receiver,
                    0 as soft_time_limit, 0 as time_limit, ${queueUuid} as default_job_queue_id,
                    m.updated_at as created, m.updated_at as last_updated,
                    array[j ->> 'plugin', j ->> 'id'] as natural_key
               from job_manifest m, jsonb_array_elements(m.manifest -> 'jobs') j`,
    fields: [
      ...[text("name"), text("module_name"), text("job_class_name"), text("grouping")],
      ...[text("description"), flag("installed"), flag("enabled"), flag("hidden")],
      ...[flag("read_only"), flag("is_singleton"), flag("has_sensitive_variables")],
      ...[flag("supports_dryrun"), flag("dryrun_default"), flag("is_job_hook_receiver")],
      ...[flag("is_job_button_receiver"), count("soft_time_limit"), count("time_limit")],
      ...[reference("default_job_queue", "job_queue"), moment("created"), moment("last_updated")],
    ],
    searchFields: ["name", "description", "grouping"],
    sort: ["grouping", "name"],
    // A job is as it declares, with nothing set otherwise.
    fixed: {
      ...{ console_log_default: false, task_queues: ["default"], task_queues_override: false },
      ...Object.fromEntries(declaredOfJobs.map((name) => [`${name}_override`, false])),
      ...{ notes_url: null, custom_fields: {}, tags: [] },
    },
  },
  {
    ...{ name: "job_queue", path: "extras/job-queues", contentType: "extras.jobqueue" },
    ...{ label: "Job Queue", pluralLabel: "Job Queues", description: "Where runs wait." },
    select: `select ${queueUuid} as id, 'default' as display, 'default' as name, 'celery' as queue_type,
                    '' as description, array['default'] as natural_key`,
    fields: [text("name"), text("queue_type"), text("description")],
    searchFields: ["name"],
    sort: ["name"],
    fixed: { tenant: null, custom_fields: {}, tags: [], notes_url: null },
  },
  {
    ...{ name: "job_result", path: "extras/job-results", contentType: "extras.jobresult" },
    ...{ label: "Job Result", pluralLabel: "Job Results", description: "Runs of jobs." },
    select: `select r.id, r.job_title || ' created at ' || ${momentInName("r.created_at", " ")} || ' (' || ${runStatus} || ')'
                      as display, array[r.id::text] as natural_key, r.job_title as name,
                    case when r.started_at is not null then r.job_id end as task_name,
                    ${jobUuid("r.job_id")} as job_model_id, r.user_id::uuid as user_id,
                    r.created_at as date_created, r.started_at as date_started, r.finished_at as date_done,
                    ${runStatus} as status,
                    case when r.finished_at is not null then json_build_object(
                      'status', r.status, 'reason', r.status_reason, 'sync', r.sync_id) end as result,
                    r.worker_id::text as worker, '[]'::json as task_args, r.input as task_kwargs,
                    '{}'::json as celery_kwargs, null::text as traceback, null::json as meta,
                    ${logLevels.map((level) => `case when r.finished_at is not null then ${logCount(level)} end as ${level}_log_count`).join(", ")}
               from job_result r`,
    fields: [
      ...[
        text("name"),
        text("task_name", { isNullable: true }),
        reference("job_model", "job"),
        reference("user", "user"),
      ],
      ...[moment("date_created"), moment("date_started", true), moment("date_done", true)],
      text("status", { choices: runStatuses, form: "value-twice" }),
      ...[json("result"), text("worker", { isNullable: true }), json("task_args")],
      ...[json("task_kwargs"), json("celery_kwargs"), text("traceback", { isNullable: true })],
      json("meta"),
      // Counted when the run has ended.
      ...logLevels.map((level) => count(`${level}_log_count`)),
    ],
    searchFields: ["name", "task_name"],
    sort: ["-date_created"],
    fixed: {
      ...{ scheduled_job: null, custom_fields: {}, canceled_by: null, date_canceled: null },
      ...{ canceled_by_user_name: "", cancel_type: "" },
    },
  },
  {
    ...{ name: "job_log", path: "extras/job-logs", contentType: "extras.joblogentry" },
    ...{ label: "Job Log Entry", pluralLabel: "Job Log Entries", description: "Lines of runs." },
    select: `select ${uuidOf("l.id")} as id, left(l.message, 100) as display, l.job_result_id, l.level as log_level,
                    l.grouping, l.message, l.created_at as created, '' as log_object, '' as absolute_url,
                    l.id as line, null::text[] as natural_key from job_log l`,
    fields: [
      ...[reference("job_result", "job_result"), text("log_level", { choices: logLevels })],
      ...[text("grouping"), text("message"), moment("created"), text("log_object")],
      ...[text("absolute_url"), count("line")],
    ],
    searchFields: ["message", "grouping"],
    sort: ["line"],
    hidden: ["line"],
  },
  {
    ...{ name: "sync", path: "plugins/ssot/history", contentType: "nautobot_ssot.sync" },
    ...{ label: "Sync", pluralLabel: "Syncs", description: "Records of syncs." },
    select: `select s.id, s.source_name || ' → ' || s.target_name || ', '
                      || to_char(coalesce(s.started_at, s.created_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as display,
                    null::text[] as natural_key, s.source_name as source,
                    s.target_name as target, coalesce(s.started_at, s.created_at) as start_time,
                    ${seconds("source")} as source_load_time, ${seconds("target")} as target_load_time,
                    ${seconds("diff")} as diff_time, ${seconds("apply")} as sync_time,
                    s.is_dry_run as dry_run, s.status, s.status_reason, s.peak_memory_bytes as memory_peak,
                    null::json as diff,
                    (select json_build_object('skip', 0, 'create', coalesce(sum(planned) filter (where action = 'create'), 0),
                       'update', coalesce(sum(planned) filter (where action = 'update'), 0),
                       'delete', coalesce(sum(planned) filter (where action = 'delete'), 0),
                       'no-change', (select coalesce(sum(unchanged_count), 0) from sync_model m where m.sync_id = s.id))
                       from sync_count c where c.sync_id = s.id) as summary,
                    (select r.id from job_result r where r.sync_id = s.id order by r.created_at desc, r.id limit 1)
                      as job_result_id
               from sync s`,
    fields: [
      ...[text("source"), text("target"), moment("start_time")],
      ...["source_load_time", "target_load_time", "diff_time", "sync_time"].map((name) =>
        text(name, { isNullable: true }),
      ),
      ...[flag("dry_run"), text("status"), text("status_reason", { isNullable: true })],
      ...[count("memory_peak"), json("summary"), json("diff")],
      reference("job_result", "job_result"),
    ],
    searchFields: ["source", "target"],
    alsoFound: differing,
    sort: ["-start_time"],
    // How much a run took is measured of its process, for all phases together: `memory_peak`.
    fixed: {
      ...Object.fromEntries(memoryFigures.map((name) => [name, null])),
      notes_url: null,
    },
  },
  {
    ...{ name: "sync_log", path: "plugins/ssot/logs", contentType: "nautobot_ssot.synclogentry" },
    ...{ label: "Sync Log Entry", pluralLabel: "Sync Log Entries" },
    description: "What a sync planned for an object, and what became of it.",
    select: `select md5(c.sync_id || ' ' || c.position)::uuid as id, c.label as display, null::text[] as natural_key, c.sync_id, c.position,
                    coalesce(o.created_at, s.created_at) as timestamp, c.action,
                    case when o.id is not null then ${wordsAt("o.status", statusOfOutcome)}
                      when (${withheld}) is not null then 'failure' else 'success' end as status,
                    json_build_object('-', c.before, '+', c.after) as diff, ${contentTypeOf("c.model")}
                      as synced_object_type, coalesce(o.target_id, c.target_id) as synced_object_id,
                    c.label as object_repr, coalesce(o.error_message,
                      ${wordsAt("o.status", notDone)}, ${withheld}, '') as message
               from sync_change c join sync s on s.id = c.sync_id
               left join lateral (select * from sync_outcome o where o.sync_id = c.sync_id and o.position = c.position
                                   order by o.id desc limit 1) o on true`,
    fields: [
      ...[reference("sync", "sync"), count("position"), moment("timestamp")],
      ...[text("action", { choices: changeActions })],
      ...[text("status", { choices: ["success", "failure", "error"] }), json("diff")],
      ...[text("synced_object_type"), text("synced_object_id", { isNullable: true })],
      ...[text("object_repr"), text("message")],
    ],
    searchFields: ["object_repr", "message", "diff"],
    sort: ["sync", "position"],
    fixed: { notes_url: null },
  },
];
