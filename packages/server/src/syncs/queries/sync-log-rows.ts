import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { SyncLogRow as SyncLogRowSchema } from "../../rest/declarations/sync-log.ts";
import { differenceWord } from "@plumbline/sync";
import { comparedSides, type ComparedFacts } from "../comparison.ts";
import { type DeclaredFacts, latestOutcome } from "./change-rows.ts";
import { iso } from "./conditions.ts";
import type { Condition, Reader } from "./conditions.ts";
import { readObjectLinks } from "./object-links.ts";
import type { LinkedChange, ObjectLinks } from "./object-links.ts";
import { notDone, ofRulings, statusOfOutcome, whyWithheld } from "./said-of-changes.ts";

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
  manifest: DeclaredFacts,
  references: readonly LogReference[],
): Promise<SyncLogRow[]> {
  if (references.length === 0) return [];
  const idsOf = (source: LogReference["source"]): number[] =>
    references.filter((reference) => reference.source === source).map(({ id }) => id);
  const syncIds = [...new Set(references.map((reference) => reference.sync_id))];
  const contents = new Map<string, Content>([
    ...(await readOutcomes(reader, manifest, idsOf("outcome"))),
    ...(await readUntried(
      reader,
      manifest,
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

interface ChangeFacts extends LinkedChange {
  readonly sync_id: string;
  readonly label: string;
  readonly key: string;
  readonly before: NonNullable<Values>["before"];
  readonly after: NonNullable<Values>["after"];
}

/** The changes `ch` with what they are linked by: the latest outcome says whether a deleted object is still there. */
function selectChanges(columns: Condition, from: Condition): Condition {
  return sql`select ch.sync_id, ch.model, ch.action, ch.label, ch.key, ch.before, ch.after, ch.source_id,
           coalesce(outcome.target_id, ch.target_id) as target_id, outcome.status as outcome_status,
           s.job_id, s.direction, s.source_name, s.target_name, s.undo_of, ${columns}
      from ${from} join sync s on s.id = ch.sync_id ${latestOutcome}`;
}

/** What rows of changes hold, by the name of the row: links are found sync by sync. */
async function toContents<Row extends ChangeFacts>(
  reader: Reader,
  manifest: DeclaredFacts,
  rows: readonly Row[],
  nameAndSay: (row: Row) => readonly [name: string, status: SyncLogRow["status"], said: string],
): Promise<[string, Content][]> {
  const contents: [string, Content][] = [];
  for (const ofSync of Map.groupBy(rows, ({ sync_id }) => sync_id).values()) {
    const linksOf = await readObjectLinks(reader, manifest, ofSync);
    for (const row of ofSync) {
      const { action, model, label, key, before, after } = row;
      const [name, status, message] = nameAndSay(row);
      const values = { before, after };
      contents.push([
        name,
        { kind: "change", action, model, label, key, status, message, values, ...linksOf(row) },
      ]);
    }
  }
  return contents;
}

const unlinked: ObjectLinks = { objectUrl: null, systemObject: null, otherSystemObject: null };

const done = { create: "Created", update: "Updated", delete: "Deleted" } as const;

async function readOutcomes(
  reader: Reader,
  manifest: DeclaredFacts,
  ids: readonly number[],
): Promise<[string, Content][]> {
  if (ids.length === 0) return [];
  type Row = ChangeFacts & {
    id: number;
    status: keyof typeof statusOfOutcome;
    error_message: string | null;
    error_field: string | null;
    error_value: string | null;
  };
  const { rows } = await sql<Row>`
    ${selectChanges(
      sql`o.id, o.status, o.error_message, o.error_field, o.error_value`,
      sql`sync_outcome o join sync_change ch on ch.sync_id = o.sync_id and ch.position = o.position`,
    )} where o.id = any(${[...ids]}::bigint[])`.execute(reader);
  return toContents(reader, manifest, rows, (row) => [
    `outcome-${row.id}`,
    statusOfOutcome[row.status],
    outcomeText(row),
  ]);
}

function outcomeText(row: {
  readonly action: ChangeFacts["action"];
  readonly status: keyof typeof statusOfOutcome;
  readonly error_message: string | null;
  readonly error_field: string | null;
  readonly error_value: string | null;
}): string {
  if (row.status === "applied") return done[row.action];
  if (row.status !== "failed") return row.error_message ?? notDone[row.status];
  const place =
    row.error_field === null ? "" : ` (${row.error_field}: ${row.error_value ?? "null"})`;
  return `${row.error_message ?? "The target refused it"}${place}`;
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
  manifest: DeclaredFacts,
  references: readonly LogReference[],
): Promise<[string, Content][]> {
  if (references.length === 0) return [];
  type Row = ChangeFacts & { position: number; withheld: string | null };
  const syncIds = references.map((reference) => reference.sync_id);
  const positions = references.map((reference) => reference.id);
  const { rows } = await sql<Row>`
    ${selectChanges(
      sql`ch.position, ${sql.raw(ofRulings("ch", whyWithheld))} as withheld`,
      sql`unnest(${syncIds}::uuid[], ${positions}::bigint[]) wanted (sync_id, position)
            join sync_change ch on ch.sync_id = wanted.sync_id and ch.position = wanted.position`,
    )}`.execute(reader);
  return toContents(reader, manifest, rows, (row) => [
    `change-${row.sync_id}-${row.position}`,
    row.withheld === null ? "success" : "failure",
    row.withheld ?? plannedText(row.action, row),
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
    { kind: "finding", action: null, status: "failure", values: null, ...row, ...unlinked },
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
      ...unlinked,
    },
  ]);
}
