/** Exit codes of the command line. Stable: scripts rely on them; docs/command-line.md lists them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  differences: 2,
  held: 3,
  partial: 4,
  cancelled: 5,
  stale: 6,
} as const;

/** The exit code for the status a sync ended with. `wantsDifferences` is `--exit-code`. */
export function exitCodeOf(status: string, wantsDifferences: boolean): number {
  switch (status) {
    case "in-agreement":
    case "applied":
      return exitCodes.ok;
    case "planned":
      return wantsDifferences ? exitCodes.differences : exitCodes.ok;
    case "held":
      return exitCodes.held;
    case "partial":
      return exitCodes.partial;
    case "cancelled":
      return exitCodes.cancelled;
    case "stale":
      return exitCodes.stale;
    default:
      return exitCodes.failed;
  }
}
