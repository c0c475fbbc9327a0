import { redact, type RunLimits } from "@plumbline/plugin-kit";
import { forkChild, keepTail } from "../jobs/fork-child.ts";
import type { Installation } from "./installation.ts";
import type { Manifest } from "./manifest.ts";

export interface Discovery {
  readonly manifest: Manifest;
  /** The configuration's `runs`. */
  readonly limits: RunLimits;
  /** The configuration's `history.keepDays`; null keeps for ever. */
  readonly keepDays: number | null;
}

/** A plugin that opens sockets or loops on import must not keep the start waiting for ever. */
const timeoutMs = 60_000;

/**
 * Imports plugins and job files in a process of their own and describes them. Never throws for what
 * a plugin does: a process that dies or hangs becomes an error of the manifest.
 */
export async function discover(installation: Installation): Promise<Discovery> {
  const child = forkChild("plugins/discovery-process", { folder: installation.folder });
  const tail = keepTail(child);
  const { promise, resolve } = Promise.withResolvers<Discovery | string>();
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    resolve(`Importing the plugins took more than ${timeoutMs / 1000} seconds and was stopped.`);
  }, timeoutMs);
  child.once("message", (message) => resolve(message as Discovery));
  child.once("error", (error) => resolve(`The plugins' process did not start: ${error.message}`));
  child.once("exit", (code, signal) =>
    resolve(
      `Importing the plugins ended the process (${signal ?? `exit code ${String(code)}`}). ${redact(tail()).trim()}`,
    ),
  );
  child.send(installation);
  const answer = await promise;
  clearTimeout(timer);
  if (typeof answer !== "string") return answer;
  const file = installation.configPath ?? installation.folder;
  return {
    manifest: { jobs: [], models: [], errors: [{ file, line: null, message: answer.trim() }] },
    limits: {},
    keepDays: null,
  };
}
