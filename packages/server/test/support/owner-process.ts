import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./embedded-owner.ts", import.meta.url));

export type OwnerProcess = {
  readonly pid: number;
  /** Lines printed so far, whole ones only. */
  lines(): string[];
  errors(): string;
  /** Resolves once so many lines were printed; rejects when the process ends before. */
  printed(count: number): Promise<void>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
};

/** Starts a process that owns the bundled PostgreSQL of a data directory. */
export function startOwner(dataDirectory: string, task: "hold" | "insert" = "hold"): OwnerProcess {
  const child = spawn(
    process.execPath,
    ["--conditions", "@plumbline/source", script, dataDirectory, task],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    child.emit("output");
  });
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const lines = (): string[] => output.split("\n").slice(0, -1);
  return {
    pid: child.pid ?? -1,
    lines,
    errors: () => errors,
    ended,
    async printed(count) {
      while (lines().length < count) {
        const isOver = await Promise.race([
          once(child, "output").then(() => false),
          ended.then(() => true),
        ]);
        if (isOver && lines().length < count) throw new Error(`The process ended: ${errors}`);
      }
    },
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
