import { CancelledError, PlumblineError, StalePlanError } from "@plumbline/sync";
import { exitCodes } from "./exit-codes.ts";

/** Prints an error for a person and returns the exit code. Only errors nobody foresaw show a stack. */
export async function sayError(error: unknown): Promise<number> {
  if (error instanceof PlumblineError) {
    process.stderr.write(`plumbline: ${error.message}\n`);
    if (error instanceof StalePlanError) return exitCodes.stale;
    if (error instanceof CancelledError) return exitCodes.cancelled;
    return exitCodes.failed;
  }
  // With it comes the whole server, which help and the like do without.
  const { isConnectionLoss } = await import("@plumbline/server");
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
