import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startPlumbline, type RunningPlumbline, type StartOptions } from "../../src/start.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createTestInstallation, type TestInstallation } from "../support/installation.ts";
import { createRecordingLogger } from "../support/quiet-logger.ts";

let database: TestDatabase;
let installation: TestInstallation;
let running: RunningPlumbline[] = [];

beforeEach(async () => {
  database = await createTestDatabase({ isEmpty: true });
  installation = await createTestInstallation({ "jobs/broken.ts": "const x: = 1;\n" });
});

afterEach(async () => {
  for (const each of running) await each.close();
  running = [];
  await database.drop();
  await installation.remove();
});

async function start(options: Partial<StartOptions> = {}): Promise<RunningPlumbline> {
  const started = await startPlumbline({
    folder: installation.folder,
    dataDirectory: installation.dataDirectory,
    databaseUrl: database.connectionString,
    roles: { web: true, worker: true },
    port: 0,
    host: "127.0.0.1",
    webRoot: null,
    logger: createRecordingLogger(),
    ...options,
  });
  running.push(started);
  return started;
}

it("an empty database becomes an installation that answers, names its load errors, and stops clean", async () => {
  const logger = createRecordingLogger();

  const started = await start({ logger });

  const session = await fetch(`${started.url!}/api/session`);
  expect(await session.json()).toMatchObject({ user: null, needsSetup: true });
  expect(started.setupLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup\/\?token=/);
  expect(logger.lines).toContainEqual(expect.stringMatching(/^warning: .*broken\.ts:1: /));
  await started.close();
  await expect(fetch(`${started.url!}/api/session`)).rejects.toThrow();
  expect(await database.pool.query("select from job_worker")).toMatchObject({ rowCount: 0 });
});

it("a worker on another machine needs the database alone", async () => {
  const worker = await start({ roles: { web: false, worker: true } });

  expect(worker).toMatchObject({ url: null, setupLink: null });
  expect(await database.pool.query("select from job_worker")).toMatchObject({ rowCount: 1 });
});

it("a port that is taken is said, and nothing is left running", async () => {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;

  await expect(start({ port })).rejects.toThrow(
    `The port ${port} on 127.0.0.1 is taken by another program. Stop that one, or choose another with --port.`,
  );

  expect(await database.pool.query("select from job_worker")).toMatchObject({ rowCount: 0 });
  other.close();
});
