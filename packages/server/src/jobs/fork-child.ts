import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the sources run as they are, packages import each other's sources through this condition. */
const runsFromSource = import.meta.url.endsWith(".ts");

/**
 * Starts one of our entry modules in a process of its own that speaks IPC and dies with us.
 * `entry` is relative to this package's sources, without extension: "jobs/run-process". Relative paths of a
 * configuration start at `folder`. What it compiles is kept in the data directory, where it is given: the next one is
 * there in half the time.
 */
export function forkChild(
  entry: string,
  options: { folder: string; dataDirectory?: string; heapMib?: number },
): ChildProcess {
  const file = fileURLToPath(
    new URL(`../${entry}${runsFromSource ? ".ts" : ".js"}`, import.meta.url),
  );
  return fork(file, [], {
    execArgv: [
      ...(runsFromSource ? ["--conditions=@plumbline/source"] : []),
      // Plugin packages are resolved from the configuration's folder, not from ours.
      "--experimental-import-meta-resolve",
      // A run passes millions of small records by: in a small young generation they cost the least memory.
      "--max-semi-space-size=16",
      ...(options.heapMib === undefined ? [] : [`--max-old-space-size=${options.heapMib}`]),
    ],
    cwd: options.folder,
    env: {
      ...(options.dataDirectory !== undefined && {
        NODE_COMPILE_CACHE: join(options.dataDirectory, "compiled"),
      }),
      ...process.env,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

/** Keeps the end of what a child prints, for messages about how it ended. */
export function keepTail(child: ChildProcess, length = 4000): () => string {
  let tail = "";
  const append = (chunk: Buffer): void => {
    tail = (tail + chunk.toString()).slice(-length);
  };
  child.stdout?.on("data", append);
  child.stderr?.on("data", append);
  return () => tail;
}
