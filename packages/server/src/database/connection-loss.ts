import { setTimeout as sleep } from "node:timers/promises";
import { InterruptedError } from "@plumbline/sync";

/** PostgreSQL goes down, starts up, or the connection to it was refused or cut. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // A file that is missing is none of ours; the socket of a PostgreSQL that is gone is.
  if (code === "ENOENT") return syscall === "connect";
  return (
    /^(57P0[1-3]|08...|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code ?? "") ||
    /Connection terminated|is not queryable|timeout exceeded when trying to connect/.test(
      error.message,
    )
  );
}

/** The same, or PostgreSQL has no connection left: nothing was said of what was asked. */
export function isDatabaseOut(error: unknown): boolean {
  return (
    isConnectionLoss(error) || (error instanceof Error && "code" in error && error.code === "53300")
  );
}

/**
 * What a writer does with the database: where that is out, it is no word on any change, and ends the apply.
 * @throws InterruptedError
 */
export async function orInterrupted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDatabaseOut(error)) throw error;
    throw new InterruptedError(
      `The database went away while changes were written (${(error as Error).message}). Resume the sync to do the rest.`,
      { cause: error },
    );
  }
}

/** A database that restarts answers again after a while. */
const pausesMs = [500, 2000, 5000];

/** Does something with the database, and does it anew a moment later as long as that is out. */
export async function whenBack<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseOut(error)) throw error;
      await sleep(pause);
    }
  }
  return work();
}
