import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** `zombie`: ended, but its parent has not collected it; it still answers to signal 0. */
export type ProcessState = "running" | "zombie" | "gone";

export async function processState(pid: number): Promise<ProcessState> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM says that it exists and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return "gone";
  }
  const letter = process.platform === "linux" ? await stateOnLinux(pid) : await stateByPs(pid);
  if (letter === undefined) return "gone";
  return letter === "Z" || letter === "X" ? "zombie" : "running";
}

/**
 * The living processes whose working directory is the given one. PostgreSQL's processes all work in
 * their data directory, so this finds the postmaster and any backend that outlived it. Where the system
 * does not tell (not Linux), undefined.
 */
export async function processesIn(directory: string): Promise<number[] | undefined> {
  if (process.platform !== "linux") return undefined;
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => undefined);
    if (cwd === directory) found.push(Number(name));
  }
  return found;
}

/** Whether a living process is a PostgreSQL server of this data directory. */
export async function isPostgresOf(pid: number, directory: string): Promise<boolean> {
  if ((await processState(pid)) !== "running") return false;
  const inside = await processesIn(directory);
  if (inside !== undefined) return inside.includes(pid);
  const { stdout } = await run("ps", ["-o", "command=", "-p", String(pid)]).catch(() => ({
    stdout: "",
  }));
  return stdout.includes("postgres") && stdout.includes(directory);
}

async function stateOnLinux(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // "123 (name, which may hold anything) S 1 …"
  return text?.slice(text.lastIndexOf(")") + 2)[0];
}

async function stateByPs(pid: number): Promise<string | undefined> {
  const { stdout } = await run("ps", ["-o", "state=", "-p", String(pid)]).catch(() => ({
    stdout: "",
  }));
  return stdout.trim()[0];
}
