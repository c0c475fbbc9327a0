import { createQueryId, PostgresQueryCompiler, sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { DatabaseSchema } from "../../database/schema.ts";
import type { Parameters } from "../../inventory/parameters.ts";

/** What the reads for pages run on: the database, or a transaction of it. */
export type Reader = Kysely<DatabaseSchema>;

export type Condition = RawBuilder<unknown>;

export interface Paging {
  readonly limit: number;
  readonly offset: number;
}

export interface Page<T> {
  readonly items: T[];
  /** How many match the filters. */
  readonly total: number;
}

/** The conditions that are not undefined, all of them; true when there is none. */
export function allOf(conditions: readonly (Condition | undefined)[]): Condition {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? sql`true` : sql`(${sql.join(given, sql` and `)})`;
}

/** Whether one of the columns contains the text, in any letter case; undefined without a text. */
export function contains(
  columns: readonly Condition[],
  text: string | undefined,
): Condition | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const pattern = `%${text.trim().replace(/[\\%_]/g, "\\$&")}%`;
  return sql`(${sql.join(
    columns.map((column) => sql`${column} ilike ${pattern}`),
    sql` or `,
  )})`;
}

/** Whether the column has one of the values; undefined without a list. */
export function isOneOf(
  column: Condition,
  values: readonly string[] | undefined,
): Condition | undefined {
  return values === undefined || values.length === 0
    ? undefined
    : sql`${column} = any(${[...values]}::text[])`;
}

/** The condition as the text of a statement with these parameters: lists are put together of such. */
export function asText(condition: Condition, parameters: Parameters): string {
  const compiled = new PostgresQueryCompiler().compileQuery(
    condition.toOperationNode(),
    createQueryId(),
  );
  const places = compiled.parameters.map((value) => parameters.add(value));
  return compiled.sql.replaceAll(/\$(\d+)/g, (_, place: string) => places[Number(place) - 1] ?? "");
}

export async function countOf(reader: Reader, from: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count ${from}`.execute(reader);
  return rows[0]?.count ?? 0;
}

/** The moments and times that rows hold, as the pages take them. */
export function iso(date: Date): string {
  return date.toISOString();
}

export function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

export function durationOf(startedAt: Date | null, finishedAt: Date | null): number | null {
  return startedAt === null || finishedAt === null
    ? null
    : finishedAt.getTime() - startedAt.getTime();
}
