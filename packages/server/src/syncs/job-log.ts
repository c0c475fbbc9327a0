import type pg from "pg";
import type { Logger } from "@plumbline/sync";
import { redact } from "@plumbline/plugin-kit";
import { toJsonb } from "./copy-rows.ts";
import { announce } from "./announce.ts";
import type { RunFence } from "./fence.ts";
import { keptMessage } from "./kept-message.ts";

export type LogLevel = "debug" | "info" | "success" | "warning" | "error";
export type LogGrouping =
  "run" | "source" | "target" | "diff" | "plan" | "rehearsal" | "apply" | "verify";

export interface JobLog {
  write(level: LogLevel, grouping: LogGrouping, message: string, details?: object): void;
  /** A logger for adapters, whose lines carry the grouping. */
  logger(grouping: LogGrouping): Logger;
  /** Writes what is buffered. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Line {
  readonly at: string;
  readonly level: LogLevel;
  readonly grouping: LogGrouping;
  readonly message: string;
  readonly details: object | null;
}

const intervalMs = 250;
const mostDetails = 100_000;
/** A chatty adapter must not fill the disk: what comes after is counted, not kept. */
const mostLines = 100_000;

/** Details as they are stored; of too many, how many characters they were. */
function keptDetails(details: object): object {
  const text = redact(JSON.stringify(details));
  return text.length > mostDetails
    ? { charactersLeftOut: text.length }
    : (JSON.parse(text) as object);
}

/** The log of a run: lines are written in batches, in order, with secrets taken out. */
export function openJobLog(database: { readonly pool: pg.Pool }, run: RunFence): JobLog {
  let buffer: Line[] = [];
  let written = 0;
  let dropped = 0;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    const lines = buffer;
    buffer = [];
    if (lines.length === 0) return writing;
    writing = writing
      .catch(() => undefined)
      .then(() => insert(lines))
      .catch((error: unknown) => {
        // Written with those that come after: the database may only be restarting.
        buffer = [...lines, ...buffer];
        throw error;
      });
    return writing;
  };

  const insert = async (lines: Line[]): Promise<void> => {
    const { rowCount } = await database.pool.query(
      `insert into job_log (job_result_id, created_at, level, grouping, message, details)
       select $1, line.at, line.level, line.grouping, line.message, line.details
       from jsonb_to_recordset($3) as line(at timestamptz, level text, grouping text, message text, details jsonb)
       where exists (select from job_result where id = $1 and fence = $2 and status = 'running')`,
      [run.jobResultId, run.fence, toJsonb(lines)],
    );
    if (rowCount) await announce(database.pool, "job-log", run.jobResultId);
  };

  const write: JobLog["write"] = (level, grouping, message, details) => {
    if (written >= mostLines) {
      dropped += 1;
      return;
    }
    written += 1;
    buffer.push({
      at: new Date().toISOString(),
      level,
      grouping,
      message: keptMessage(message),
      details: details === undefined ? null : keptDetails(details),
    });
  };

  // A failing insert surfaces at the flush that ends the run.
  const timer = setInterval(() => void flush().catch(() => undefined), intervalMs);

  return {
    write,
    logger: (grouping) => ({
      debug: (message, details) => write("debug", grouping, message, details),
      info: (message, details) => write("info", grouping, message, details),
      warning: (message, details) => write("warning", grouping, message, details),
      error: (message, details) => write("error", grouping, message, details),
    }),
    flush,
    async close() {
      clearInterval(timer);
      if (dropped > 0) {
        const text = `${dropped} more log lines were not kept; a run keeps ${mostLines}.`;
        written = 0;
        dropped = 0;
        write("warning", "run", text);
      }
      await flush();
    },
  };
}
