import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { actions } from "../../rest/declarations/sync.ts";
import type { SyncLogRow as SyncLogRowSchema } from "../../rest/declarations/sync-log.ts";
import { differenceWord } from "@plumbline/sync";
import { comparedSides, type ComparedFacts } from "../comparison.ts";
import { latestDecision } from "./change-rows.ts";
import { iso } from "./conditions.ts";
import type { Reader } from "./conditions.ts";

export type SyncLogRow = z.infer<typeof SyncLogRowSchema>;
type Values = SyncLogRow["values"];

/** Which row of which table a line of the log stands for. */
export interface LogReference {
  readonly at: Date;
  readonly source: "outcome" | "change" | "finding" | "message";
  /** The row's id; of a change its position. */
  readonly id: number;
  readonly sync_id: string;
}

type Content = Omit<
  SyncLogRow,
  "id" | "at" | "syncId" | "jobTitle" | "direction" | "sourceName" | "targetName"
>;

/** What the lines hold, in the order given. */
export async function readLogRows(
  reader: Reader,
  references: readonly LogReference[],
): Promise<SyncLogRow[]> {
  if (references.length === 0) return [];
  const idsOf = (source: LogReference["source"]): number[] =>
    references.filter((reference) => reference.source === source).map(({ id }) => id);
  const syncIds = [...new Set(references.map((reference) => reference.sync_id))];
  const contents = new Map<string, Content>([
    ...(await readOutcomes(reader, idsOf("outcome"))),
    ...(await readUntried(
      reader,
      references.filter(({ source }) => source === "change"),
    )),
    ...(await readFindings(reader, idsOf("finding"))),
    ...(await readMessages(reader, idsOf("message"))),
  ]);
  const syncs = await reader
    .selectFrom("sync")
    .select(["id", "job_title", "direction", "source_name", "target_name"])
    .where("id", "in", syncIds)
    .execute();
  const syncOf = new Map(syncs.map((row) => [row.id, row]));
  return references.flatMap((reference) => {
    // Gone between two statements: its sync was deleted.
    const content = contents.get(nameOf(reference));
    const sync = syncOf.get(reference.sync_id);
    if (content === undefined || sync === undefined) return [];
    return {
      id: nameOf(reference),
      at: iso(reference.at),
      syncId: reference.sync_id,
      jobTitle: sync.job_title,
      direction: sync.direction,
      sourceName: sync.source_name,
      targetName: sync.target_name,
      ...content,
    };
  });
}

function nameOf({ source, id, sync_id }: LogReference): string {
  return source === "change" ? `change-${sync_id}-${id}` : `${source}-${id}`;
}

interface ChangeFacts {
  readonly action: (typeof actions)[number];
  readonly model: string;
  readonly label: string;
  readonly key: string;
  readonly before: NonNullable<Values>["before"];
  readonly after: NonNullable<Values>["after"];
}

const changeColumns = sql`ch.action, ch.model, ch.label, ch.key, ch.before, ch.after`;

function ofChange(facts: ChangeFacts, status: SyncLogRow["status"], message: string): Content {
  const { before, after, ...rest } = facts;
  const { action, model, label, key } = rest;
  return { kind: "change", action, model, label, key, status, message, values: { before, after } };
}

const done = { create: "Created", update: "Updated", delete: "Deleted" } as const;
/** Why nothing was written where no outcome says more. */
export const notDone = {
  skipped: "Not tried: something it needs failed",
  stale: "Not written: the object is no longer as planned",
  cancelled: "Not tried: the run ended before",
} as const;

async function readOutcomes(reader: Reader, ids: readonly number[]): Promise<[string, Content][]> {
  if (ids.length === 0) return [];
  type Row = ChangeFacts & {
    id: number;
    status: "applied" | "failed" | keyof typeof notDone;
    error_message: string | null;
    error_field: string | null;
    error_value: string | null;
  };
  const { rows } = await sql<Row>`
    select o.id, o.status, o.error_message, o.error_field, o.error_value, ${changeColumns}
      from sync_outcome o join sync_change ch on ch.sync_id = o.sync_id and ch.position = o.position
     where o.id = any(${[...ids]}::bigint[])`.execute(reader);
  return rows.map((row) => {
    const name = `outcome-${row.id}`;
    if (row.status === "applied") return [name, ofChange(row, "success", done[row.action])];
    if (row.status !== "failed") {
      return [name, ofChange(row, "failure", row.error_message ?? notDone[row.status])];
    }
    const place =
      row.error_field === null ? "" : ` (${row.error_field}: ${row.error_value ?? "null"})`;
    return [
      name,
      ofChange(row, "error", `${row.error_message ?? "The target refused it"}${place}`),
    ];
  });
}

const planned = {
  create: "To be created",
  update: "To be updated",
  delete: "To be deleted",
} as const;

/** What a plan says of an object that nobody tried to write. */
function plannedText(action: ChangeFacts["action"], sync: ComparedFacts): string {
  const sides = comparedSides(sync);
  if (sides === null) return planned[action];
  const word = differenceWord(action, sides);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

async function readUntried(
  reader: Reader,
  references: readonly LogReference[],
): Promise<[string, Content][]> {
  if (references.length === 0) return [];
  type Row = ChangeFacts &
    ComparedFacts & {
      sync_id: string;
      position: number;
      verdict: string | null;
      reason: string;
      judgement: string | null;
      judged_by: string | null;
    };
  const syncIds = references.map((reference) => reference.sync_id);
  const positions = references.map((reference) => reference.id);
  const { rows } = await sql<Row>`
    select ch.sync_id, ch.position, decision.verdict, decision.reason,
           judgement.verdict as judgement, judgement.user_name as judged_by,
           s.direction, s.source_name, s.target_name, ${changeColumns}
      from unnest(${syncIds}::uuid[], ${positions}::bigint[]) wanted (sync_id, position)
      join sync s on s.id = wanted.sync_id
      join sync_change ch on ch.sync_id = wanted.sync_id and ch.position = wanted.position
      ${latestDecision}`.execute(reader);
  return rows.map((row) => [
    `change-${row.sync_id}-${row.position}`,
    row.judgement === "reject"
      ? ofChange(row, "failure", `Rejected by ${row.judged_by ?? "somebody"}`)
      : row.verdict === "hold"
        ? ofChange(row, "failure", `Held: ${row.reason}`)
        : ofChange(row, "success", plannedText(row.action, row)),
  ]);
}

async function readFindings(reader: Reader, ids: readonly number[]): Promise<[string, Content][]> {
  if (ids.length === 0) return [];
  const rows = await reader
    .selectFrom("sync_finding")
    .select(["id", "model", "label", "key", "message"])
    .where("id", "in", [...ids])
    .execute();
  return rows.map(({ id, ...row }) => [
    `finding-${id}`,
    { kind: "finding", action: null, status: "failure", values: null, ...row },
  ]);
}

async function readMessages(reader: Reader, ids: readonly number[]): Promise<[string, Content][]> {
  if (ids.length === 0) return [];
  const rows = await reader
    .selectFrom("job_log")
    .select(["id", "level", "message"])
    .where("id", "in", [...ids])
    .execute();
  return rows.map(({ id, level, message }) => [
    `message-${id}`,
    {
      kind: "message",
      action: null,
      model: null,
      label: null,
      key: null,
      status: level === "error" ? "error" : level === "warning" ? "failure" : "success",
      message,
      values: null,
    },
  ]);
}
