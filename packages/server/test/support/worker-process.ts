// A worker in a process of its own, for tests that kill it. Takes its options over IPC, answers its id.
import { connectDatabase } from "../../src/database/connect.ts";
import { createQueue } from "../../src/database/queue.ts";
import type { HeartbeatTiming } from "../../src/jobs/lost.ts";
import { startWorker } from "../../src/jobs/worker.ts";
import type { Installation } from "../../src/plugins/installation.ts";
import { quiet } from "./quiet-logger.ts";

export interface WorkerProcessOptions {
  readonly connectionString: string;
  readonly installation: Installation;
  readonly dataDirectory: string;
  readonly heartbeat: HeartbeatTiming;
}

process.once("disconnect", () => process.exit());
process.once("message", (options: WorkerProcessOptions) => {
  void work(options);
});

async function work(options: WorkerProcessOptions): Promise<void> {
  const database = await connectDatabase(options.connectionString, { logger: quiet });
  const queue = createQueue(database, { logger: quiet });
  await queue.start();
  const worker = await startWorker({ ...options, database, queue, limits: {}, logger: quiet });
  process.send?.(worker.id);
}
