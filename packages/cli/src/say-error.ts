import { CancelledError, PlumblineError, StalePlanError } from "@plumbline/sync";
import { exitCodes } from "./exit-codes.ts";

/** Prints an error for a person and returns the exit code. Only errors nobody foresaw show a stack. */
export function sayError(error: unknown): number {
  if (error instanceof PlumblineError) {
    process.stderr.write(`plumbline: ${error.message}\n`);
    if (error instanceof StalePlanError) return exitCodes.stale;
    if (error instanceof CancelledError) return exitCodes.cancelled;
    return exitCodes.failed;
  }
  if (isConnectionLoss(error)) {
    process.stderr.write(
      `plumbline: The connection to the database was lost (${(error as Error).message}). ` +
        "A run at work goes on with its worker; `plumbline syncs` tells when the database is back.\n",
    );
    return exitCodes.failed;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`plumbline: unexpected: ${text}\n`);
  return exitCodes.failed;
}

/** PostgreSQL's own words for a server that goes down, and the system's for one that is gone. */
const connectionLosses = [
  "57P01",
  "57P02",
  "57P03",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
];

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" && syscall !== "connect") return false;
  return (
    (code !== undefined && connectionLosses.includes(code)) ||
    /Connection terminated/.test(error.message)
  );
}
