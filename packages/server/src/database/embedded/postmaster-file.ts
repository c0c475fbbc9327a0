import { readFile } from "node:fs/promises";
import path from "node:path";
import { ignoreMissing } from "./missing-file.ts";

/** What PostgreSQL wrote about itself into postmaster.pid. */
export type PostmasterFile = {
  readonly pid: number;
  readonly startedAt: Date | undefined;
  readonly port: number | undefined;
  readonly socketDirectory: string | undefined;
  /** The whole text, to tell whether the file is still the one that was read. */
  readonly text: string;
};

export function postmasterFilePath(clusterDirectory: string): string {
  return path.join(clusterDirectory, "postmaster.pid");
}

/** Reads the file of a data directory; undefined where there is none or it does not name a process yet. */
export async function readPostmasterFile(
  clusterDirectory: string,
): Promise<PostmasterFile | undefined> {
  const text = await readFile(postmasterFilePath(clusterDirectory), "utf8").catch(ignoreMissing);
  return text === undefined ? undefined : parsePostmasterFile(text);
}

/** Lines: pid, data directory, start (seconds since 1970), port, socket directory, and more we do not need. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const pid = wholeNumber(lines[0]);
  if (pid === undefined) return undefined;
  const started = wholeNumber(lines[2]);
  return {
    pid,
    startedAt: started === undefined ? undefined : new Date(started * 1000),
    port: wholeNumber(lines[3]),
    socketDirectory: lines[4] === "" ? undefined : lines[4],
    text,
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}
