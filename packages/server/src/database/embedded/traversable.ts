import { lstat, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Account } from "./account.ts";

/** Whether the account may pass through every directory of the path, the last included. */
export async function isTraversable(directory: string, account: Account): Promise<boolean> {
  if (!account.switches) return true;
  let current = await realpath(directory);
  for (;;) {
    if (!permits(await stat(current), account, 0o1)) return false;
    const parent = path.dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}

/** Whether the account may read and run the file; the directories above it are not looked at. */
export async function isExecutable(file: string, account: Account): Promise<boolean> {
  return permits(await lstat(file), account, 0o5);
}

function permits(
  entry: { mode: number; uid: number; gid: number },
  account: Account,
  bits: number,
): boolean {
  const shift = entry.uid === account.uid ? 6 : entry.gid === account.gid ? 3 : 0;
  return ((entry.mode >> shift) & bits) === bits;
}
