import { afterAll, beforeAll, expect, it } from "vitest";
import { createQueue, type Queue } from "../../src/database/queue.ts";
import { carryOut } from "../../src/syncs/carry-out.ts";
import { startSync } from "../../src/syncs/start.ts";
import { quiet } from "../support/quiet-logger.ts";
import { createTestApp, json, type TestApp } from "./app.ts";
import { seedPlan, seedSync } from "./seed.ts";

let server: TestApp;
let queue: Queue;

beforeAll(async () => {
  server = await createTestApp({
    commands: (database) => {
      queue = createQueue(database, { logger: quiet });
      return {
        startSync: (request) => startSync({ database, queue }, request),
        carryOut: (request) => carryOut({ database, queue }, request),
        cancelRun: () => Promise.reject(new Error("nothing is cancelled here")),
      };
    },
  });
  await queue.start();
  const job = {
    ...{ id: "sites", title: "Sites", direction: "comparison", sourceName: "Sites" },
    ...{ targetName: "Register", targetLock: "job:sites", dryRunDefault: true },
    ...{ deletesDefault: true, variables: [], models: [] },
  };
  await server.database.pool.query("insert into job_manifest (manifest) values ($1)", [
    JSON.stringify({ models: [], errors: [], jobs: [job] }),
  ]);
});

afterAll(async () => {
  await queue.stop({ waitMs: 1000 });
  await server.close();
});

const send = async (path: string, body: object) => {
  const response = await server.request(`/api/ssot/${path}`, json(body));
  return [response.status, await response.text()];
};
const saying = (text: string): string => expect.stringContaining(text) as string;

it("a comparison is started as a dry run, whatever is said of deletes, and refused as anything else", async () => {
  expect(await send("jobs/sites/run", { isDryRun: false })).toEqual([
    400,
    saying("The job sites compares two systems and writes to neither."),
  ]);
  const [status] = await send("jobs/sites/run", { asksDeletes: false });

  expect(status).toBe(202);
  const { rows } = await server.database.pool.query<object>(
    "select direction, is_dry_run, asks_deletes from sync",
  );
  expect(rows).toEqual([{ direction: "comparison", is_dry_run: true, asks_deletes: true }]);
});

it("its record is neither applied nor decided on", async () => {
  const { syncId } = await seedSync(server.database.pool, { direction: "comparison" });
  await seedPlan(server.database.pool, syncId, 1);
  const refused = [409, saying("The job sites compares two systems and writes to neither.")];

  expect(await send(`syncs/${syncId}/apply`, {})).toEqual(refused);
  expect(await send(`syncs/${syncId}/undo`, {})).toEqual(refused);
  const ruling = { verdict: "reject", positions: [1] };
  expect(await send(`syncs/${syncId}/decisions`, ruling)).toEqual(refused);
});
