import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { HeartbeatTiming } from "../../src/jobs/lost.ts";
import type { TestRunner } from "./runner.ts";

/** Starts a worker in a process of its own, to be killed; resolves once it takes runs. */
export async function forkWorker(
  { database, installation }: TestRunner,
  heartbeat: HeartbeatTiming,
): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL("./worker-process.ts", import.meta.url)), [], {
    execArgv: ["--conditions=@plumbline/source"],
  });
  const { folder, configPath, dataDirectory } = installation;
  child.send({
    connectionString: database.connectionString,
    installation: { folder, configPath },
    dataDirectory,
    heartbeat,
  });
  await once(child, "message");
  return child;
}
