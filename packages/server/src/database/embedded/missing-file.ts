/** For `.catch()` of a file operation: a path that does not exist reads as undefined. */
export function ignoreMissing(error: unknown): undefined {
  ignoreCodes(error, ["ENOENT", "ENOTDIR"]);
}

/** Throws the error of a file operation again, unless its code is one of these. */
export function ignoreCodes(error: unknown, codes: readonly string[]): void {
  if (!codes.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
}
