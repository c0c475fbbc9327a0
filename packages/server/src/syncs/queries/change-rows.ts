import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { Manifest, ModelManifest } from "../../plugins/manifest.ts";
import type {
  ChangeFilters,
  ChangeRow as ChangeRowSchema,
  outcomes,
} from "../../rest/declarations/sync.ts";
import { allOf, contains, countOf, iso, isOneOf } from "./conditions.ts";
import type { Condition, Page, Paging, Reader } from "./conditions.ts";
import { readObjectLinks } from "./object-links.ts";
import type { LinkedChange, ObjectLinks } from "./object-links.ts";
import { readableKey } from "./readable-key.ts";
import { latestRulings, untriedState } from "./said-of-changes.ts";

export type ChangeRow = z.infer<typeof ChangeRowSchema>;
export type ChangeFilter = z.output<typeof ChangeFilters>;
type OutcomeFilter = (typeof outcomes)[number];
/** What rows are named and linked by. */
export type DeclaredFacts = Pick<Manifest, "jobs" | "models">;

const latestDecision = sql.raw(latestRulings("ch"));
/** The latest outcome of a change; they are append-only. */
export const latestOutcome = sql`
  left join lateral (select o.* from sync_outcome o
                      where o.sync_id = ch.sync_id and o.position = ch.position
                      order by o.id desc limit 1) outcome on true`;

/** The same where every change is read: a look for each would take most of the time. */
const latestOutcomes = (syncId: string): Condition => sql`
  left join (select distinct on (o.position) o.* from sync_outcome o where o.sync_id = ${syncId}
              order by o.position, o.id desc) outcome on outcome.position = ch.position`;

export const changeState = sql`coalesce(outcome.status, ${sql.raw(untriedState)})`;

/** Whether what a change is about has the text in what it is called; undefined without a text. */
export function isCalled(text: string | undefined): Condition | undefined {
  return contains([sql`ch.label`, sql`ch.key`], text);
}

/** Changes of a plan in the order of applying, with what was ruled on them and what became of them. */
export async function listChanges(
  reader: Reader,
  manifest: DeclaredFacts,
  syncId: string,
  filter: ChangeFilter,
  paging: Paging,
): Promise<Page<ChangeRow>> {
  // Counts are of objects: where some have a second row the rows are counted.
  const counted = (await hasSecondRows(reader, syncId))
    ? undefined
    : await countFromCounts(reader, syncId, filter);
  // Nothing there: finding that out would read every row of the plan.
  if (counted === 0) return { items: [], total: 0 };
  const from = fromChanges(syncId, filter);
  const items = await selectChanges(
    reader,
    manifest,
    sql`${from} order by ch.position limit ${paging.limit} offset ${paging.offset}`,
  );
  return { items, total: counted ?? (await countOf(reader, from)) };
}

export async function hasSecondRows(reader: Reader, syncId: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from sync_change where sync_id = ${syncId} and step <> 1) as found`.execute(
    reader,
  );
  return rows[0]?.found === true;
}

/** Few enough that most of a batch is gone before the engine takes it for lasting. */
const exportBatch = 100;

/** Batches of every change that matches, for exports. */
export async function* eachChange(
  reader: Reader,
  manifest: DeclaredFacts,
  syncId: string,
  filter: ChangeFilter,
): AsyncGenerator<ChangeRow[]> {
  const from = fromChanges(syncId, filter);
  for (let position = 0; ;) {
    const items = await selectChanges(
      reader,
      manifest,
      sql`${from} and ch.position > ${position} order by ch.position limit ${exportBatch}`,
    );
    yield items;
    if (items.length < exportBatch) return;
    position = items.at(-1)?.position ?? position;
  }
}

/**
 * `from … where …` of the changes that match; what was ruled and done is joined to filter by it, or where
 * `needsState`. With `readsAll` the reader stops at no page's end.
 */
export function fromChanges(
  syncId: string,
  filter: ChangeFilter,
  { needsState = false, readsAll = false } = {},
): Condition {
  const { model, action, field, key, guard, q, parentModel, parentKey, outcome } = filter;
  // Decisions matter only to what nobody tried.
  const isTried = outcome?.every((status) => !isUntried(status)) ?? false;
  const where = allOf([
    sql`ch.sync_id = ${syncId}`,
    model === undefined ? undefined : sql`ch.model = ${model}`,
    key === undefined ? undefined : sql`ch.key = ${key}`,
    isOneOf(sql`ch.action`, action),
    field === undefined ? undefined : sql`ch.fields @> ${[field]}::text[]`,
    isCalled(q),
    parentModel === undefined ? undefined : sql`ch.parent_model = ${parentModel}`,
    parentKey === undefined ? undefined : sql`ch.parent_key = ${parentKey}`,
    rareOnly(syncId, outcome),
    guard === undefined ? undefined : heldBy(syncId, guard),
    outcome === undefined
      ? undefined
      : isOneOf(isTried ? sql`outcome.status` : changeState, outcome),
  ]);
  const outcomes =
    readsAll && outcome?.includes("applied") === true ? latestOutcomes(syncId) : latestOutcome;
  const joined =
    needsState || guard !== undefined || (outcome !== undefined && !isTried)
      ? sql`${latestDecision} ${outcomes}`
      : outcome === undefined
        ? sql``
        : outcomes;
  return sql`from sync_change ch ${joined} where ${where}`;
}

function heldBy(syncId: string, guard: string): Condition {
  return sql`ch.position in (select position from sync_decision where sync_id = ${syncId} and guard = ${guard})
    and decision.verdict = 'hold' and decision.guard = ${guard}`;
}

function isUntried(status: OutcomeFilter): boolean {
  return status === "held" || status === "rejected" || status === "pending";
}

/** Finds the few changes that failed or were held by index, where all of the plan would be walked. */
function rareOnly(syncId: string, wanted: readonly OutcomeFilter[] | undefined) {
  if (wanted === undefined || wanted.includes("applied")) return undefined;
  if (wanted.includes("pending")) {
    return wanted.length > 1
      ? undefined
      : sql`not exists (select from sync_outcome o where o.sync_id = ch.sync_id and o.position = ch.position)`;
  }
  const unapplied = wanted.filter((status) => !isUntried(status));
  const verdicts = [
    ...(wanted.includes("held") ? ["hold"] : []),
    ...(wanted.includes("rejected") ? ["reject"] : []),
  ];
  const found = [
    unapplied.length === 0
      ? undefined
      : sql`select position from sync_outcome where sync_id = ${syncId} and status <> 'applied'
              and status = any(${unapplied}::text[])`,
    verdicts.length === 0
      ? undefined
      : sql`select position from sync_decision where sync_id = ${syncId}
              and verdict = any(${verdicts}::text[])`,
  ].filter((part) => part !== undefined);
  return found.length === 0
    ? undefined
    : sql`ch.position in (${sql.join(found, sql` union all `)})`;
}

/** Whether the filters are those that counts are kept by. */
export function isCounted({ q, field, key, guard, parentModel, parentKey }: ChangeFilter): boolean {
  return [q, field, key, guard, parentModel, parentKey].every((value) => value === undefined);
}

/** The total without counting rows, where the filters are those that counts are kept by. */
async function countFromCounts(
  reader: Reader,
  syncId: string,
  filter: ChangeFilter,
): Promise<number | undefined> {
  if (!isCounted(filter)) return undefined;
  const { outcome = [] } = filter;
  const columns: Readonly<Record<OutcomeFilter, Condition>> = {
    applied: sql`applied`,
    failed: sql`failed`,
    skipped: sql`skipped`,
    stale: sql`stale`,
    cancelled: sql`cancelled`,
    held: sql`held`,
    rejected: sql`rejected`,
    pending: sql`(planned - applied - failed - skipped - stale - cancelled - held - rejected)`,
  };
  const counted =
    outcome.length === 0
      ? sql`planned`
      : sql.join(
          outcome.map((name) => columns[name]),
          sql` + `,
        );
  const where = allOf([
    sql`sync_id = ${syncId}`,
    filter.model === undefined ? undefined : sql`model = ${filter.model}`,
    isOneOf(sql`action`, filter.action),
  ]);
  const { rows } = await sql<{ total: number }>`
    select coalesce(sum(${counted}), 0)::bigint as total from sync_count where ${where}`.execute(
    reader,
  );
  return rows[0]?.total ?? 0;
}

interface Selected extends LinkedChange {
  position: number;
  key: string;
  label: string;
  parent_model: string | null;
  parent_key: string | null;
  parent_label: string | null;
  before: ChangeRow["before"];
  after: ChangeRow["after"];
  fields: string[];
  step: ChangeRow["step"];
  verdict: "hold" | "release" | null;
  guard: string | null;
  reason: string;
  ruled_by: string | null;
  ruled_at: Date;
  judgement: "reject" | "accept" | null;
  judgement_reason: string;
  judged_by: string | null;
  judged_at: Date;
  earlier_sync: string | null;
  earlier_by: string | null;
  earlier_at: Date;
  refused_status: "failed" | "skipped" | "stale" | null;
  refused_code: string;
  refused_message: string;
  refused_field: string | null;
  refused_value: string | null;
  outcome_status: NonNullable<ChangeRow["outcome"]>["status"] | null;
  error_code: string | null;
  error_message: string | null;
  error_field: string | null;
  error_value: string | null;
  outcome_at: Date;
}

async function selectChanges(
  reader: Reader,
  manifest: DeclaredFacts,
  pageOfChanges: Condition,
): Promise<ChangeRow[]> {
  const { rows } = await sql<Selected>`
    with page as materialized (select ch.sync_id, ch.position ${pageOfChanges})
    select ch.position, ch.model, ch.action, ch.key, ch.label, ch.parent_model, ch.parent_key,
           parent.label as parent_label, ch.before, ch.after, ch.fields, ch.step,
           decision.verdict, decision.guard, decision.reason, decision.user_name as ruled_by,
           decision.created_at as ruled_at, judgement.verdict as judgement,
           judgement.reason as judgement_reason, judgement.user_name as judged_by,
           judgement.created_at as judged_at, earlier.earlier_sync, earlier.user_name as earlier_by,
           earlier.earlier_at, refused.status as refused_status, refused.error_code as refused_code,
           refused.error_message as refused_message, refused.error_field as refused_field,
           refused.error_value as refused_value,
           outcome.status as outcome_status, outcome.error_code, outcome.error_message,
           outcome.error_field, outcome.error_value, outcome.created_at as outcome_at,
           coalesce(outcome.target_id, ch.target_id) as target_id, ch.source_id, s.direction,
           s.job_id, s.source_name, s.target_name, s.undo_of
      from page
      join sync_change ch on ch.sync_id = page.sync_id and ch.position = page.position
      join sync s on s.id = ch.sync_id
      ${latestDecision} ${latestOutcome}
      left join sync_rehearsal refused on refused.sync_id = ch.sync_id and refused.position = ch.position
      left join lateral (select d.earlier_sync, d.user_name, d.earlier_at from sync_decision d
                          where d.sync_id = ch.sync_id and d.position = ch.position
                            and d.earlier_sync is not null limit 1) earlier on true
      left join lateral (select p.label from sync_change p
                          where p.sync_id = ch.sync_id and p.model = ch.parent_model and p.key = ch.parent_key
                          limit 1) parent on true
     order by ch.position`.execute(reader);
  const models = new Map(manifest.models.map((model) => [model.name, model]));
  const linksOf = await readObjectLinks(reader, manifest, rows);
  return rows.map((row) => ({ ...toChangeRow(row, models), ...linksOf(row) }));
}

function toChangeRow(
  row: Selected,
  models: ReadonlyMap<string, ModelManifest>,
): Omit<ChangeRow, keyof ObjectLinks> {
  const { parent_model: parentModel, parent_key: parentKey } = row;
  return {
    position: row.position,
    model: row.model,
    action: row.action,
    key: row.key,
    label: row.label,
    parentModel,
    parentKey,
    parentLabel:
      row.parent_label ??
      (parentModel === null || parentKey === null
        ? null
        : readableKey(models, parentModel, parentKey)),
    before: row.before,
    after: row.after,
    fields: row.fields,
    step: row.step,
    state: row.judgement === "reject" ? "rejected" : row.verdict === "hold" ? "held" : "open",
    hold: row.verdict === "hold" ? { guard: row.guard, reason: row.reason } : null,
    release:
      row.verdict === "release"
        ? { by: row.ruled_by, at: iso(row.ruled_at), reason: row.reason }
        : null,
    rejection:
      row.judgement === "reject"
        ? { by: row.judged_by, at: iso(row.judged_at), reason: row.judgement_reason }
        : null,
    rejectedBefore:
      row.earlier_sync === null
        ? null
        : { by: row.earlier_by, at: iso(row.earlier_at), syncId: row.earlier_sync },
    rehearsal:
      row.refused_status === null
        ? null
        : {
            status: row.refused_status,
            code: row.refused_code,
            message: row.refused_message,
            field: row.refused_field,
            value: row.refused_value,
          },
    outcome:
      row.outcome_status === null
        ? null
        : {
            status: row.outcome_status,
            errorCode: row.error_code,
            errorMessage: row.error_message,
            errorField: row.error_field,
            errorValue: row.error_value,
            at: iso(row.outcome_at),
          },
    targetId: row.target_id,
  };
}
