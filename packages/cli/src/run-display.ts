import { type getJobResult, listJobLogs } from "@plumbline/server";
import { createTerminalBars } from "./terminal-bars.ts";

type JobResult = Awaited<ReturnType<typeof getJobResult>>;
type Reader = Parameters<typeof listJobLogs>[0];

const phases = ["source", "target", "diff", "rehearsal", "apply", "verify"] as const;
const logBatch = 1000;

export interface RunDisplay {
  show(reader: Reader, result: JobResult): Promise<void>;
  close(): void;
}

/** Shows a run as the database tells it: bars on a terminal, and its log lines, on standard error. */
export function createRunDisplay(): RunDisplay {
  const bars = process.stderr.isTTY ? createTerminalBars() : null;
  let lastLog = 0;
  let lastStatus = "";

  function write(line: string): void {
    if (bars) bars.line(line);
    else process.stderr.write(`${line}\n`);
  }

  return {
    async show(reader, result) {
      if (result.status !== lastStatus && ["pending", "waiting"].includes(result.status)) {
        write(result.statusReason ?? result.sentence);
      }
      lastStatus = result.status;
      const { items } = await listJobLogs(
        reader,
        result.id,
        { level: ["info", "success", "warning", "error"], after: lastLog },
        { limit: logBatch, offset: 0 },
      );
      for (const { id, level, grouping, message } of items) {
        lastLog = id;
        write(`${level.padEnd(7)} ${grouping.padEnd(7)} ${message}`);
      }
      if (!bars) return;
      for (const phase of phases) {
        const progress = result.progress[phase];
        if (!progress) continue;
        bars.set(phase, { done: progress.done, total: progress.total ?? 0 });
      }
    },
    close: () => bars?.close(),
  };
}
