import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  createEstateRunner,
  estateAtFirst,
  estateChanged,
  type EstateRunner,
} from "../support/estate.ts";
import { runProcessesOf } from "../support/lab.ts";

let runner: EstateRunner;
let folder: string;

beforeAll(async () => {
  runner = await createEstateRunner();
  folder = join(runner.installation.folder, "files");
  await runner.work({ heartbeat: { intervalMs: 500, silenceMs: 3000 } });
});

afterAll(() => runner.close());

beforeEach(() => rm(folder, { recursive: true, force: true }));

type Estate = Parameters<EstateRunner["estate"]>[0];

const start = async (estate: Estate) =>
  runner.start({
    jobId: "estate-files",
    variables: { ...(await runner.estate(estate)), folder },
    isDryRun: false,
    asksDeletes: true,
  });
const sync = async (estate: Estate) => runner.ended((await start(estate)).jobResultId);
const carriedOut = async (syncId: string, verb: "resume" | "undo" | "rollback" | "apply") =>
  runner.ended((await runner.carryOut(syncId, verb)).jobResultId);

/** The files by their names, without what a kill left beside them. */
async function read(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith(".tmp")).sort();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]),
    ),
  ) as Record<string, string>;
}

it("what a sync wrote into files is undone by a plan of its own", async () => {
  await sync(estateAtFirst());
  const first = await read();
  const changed = await sync(estateChanged());
  expect(changed.status).toBe("applied");
  const second = await read();

  const way = await carriedOut(changed.syncId, "undo");
  expect(way).toMatchObject({ status: "planned", counts: { held: 0, findings: 0 } });
  expect(await read()).toEqual(second);
  expect(await carriedOut(way.syncId, "apply")).toMatchObject({ status: "applied" });

  expect(await read()).toEqual(first);
});

it("what somebody changed in the files since is held, told by its values", async () => {
  const tenants = (description: string) => ({
    tenant: ["a", "b"].map((name) => ({ id: name, name, description })),
  });
  await sync(tenants("first"));
  const run = await sync(tenants("second"));
  const file = join(folder, "tenants.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("second", "bo's"));

  const back = await carriedOut(run.syncId, "rollback");

  expect(back).toMatchObject({ status: "held", counts: { update: 2, updated: 1, held: 1 } });
  expect(
    await runner.query("select guard, reason from sync_decision where sync_id = $1", [back.syncId]),
  ).toEqual([
    {
      guard: "changed-since",
      reason:
        "Tenant a was changed since, and is left as it is. Release it to take it back all the same.",
    },
  ]);
  expect(await readFile(file, "utf8")).toMatch(/bo's[^]*first/);
});

it("a run killed while it writes files leaves nothing half written, and is resumed or rolled back", async () => {
  await sync(estateAtFirst());
  const first = await read();
  const whole = await sync(estateChanged());
  const second = await read();
  await carriedOut(whole.syncId, "rollback");
  expect(await read()).toEqual(first);

  let cut = 0;
  for (const waitMs of [0, 5, 20, 40, 80, 120]) {
    const { jobResultId, syncId } = await start(estateChanged());
    await isSending(syncId);
    await sleep(waitMs);
    for (const pid of runProcessesOf(process.pid)) process.kill(pid, "SIGKILL");
    const lost = await runner.ended(jobResultId);
    if (lost.status === "lost") cut += 1;

    if (waitMs % 20 === 0 && lost.status === "lost") {
      expect(await carriedOut(syncId, "resume")).toMatchObject({
        status: "applied",
        counts: { findings: 0 },
      });
      expect(await read()).toEqual(second);
    }
    // A run killed before its files took their place has nothing to take back.
    const isAsBefore = isDeepStrictEqual(await read(), first);
    expect(await carriedOut(syncId, "rollback")).toMatchObject({
      status: isAsBefore ? "in-agreement" : "applied",
      counts: { findings: 0 },
    });
    expect(await read()).toEqual(first);
  }
  expect(cut).toBeGreaterThan(0);
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("a roll back killed while it writes files is resumed, or made again", async () => {
  await sync(estateAtFirst());
  const first = await read();

  let cut = 0;
  for (const waitMs of [0, 5, 20, 40]) {
    const changed = await sync(estateChanged());
    const { jobResultId, syncId } = await runner.carryOut(changed.syncId, "rollback");
    await isSending(syncId);
    await sleep(waitMs);
    for (const pid of runProcessesOf(process.pid)) process.kill(pid, "SIGKILL");
    const lost = await runner.ended(jobResultId);
    if (lost.status === "lost") cut += 1;

    if (lost.status === "lost" && waitMs % 20 === 0) {
      expect(await carriedOut(syncId, "resume")).toMatchObject({ counts: { failed: 0, stale: 0 } });
    } else if (!isDeepStrictEqual(await read(), first)) {
      expect(await carriedOut(changed.syncId, "rollback")).toMatchObject({ status: "applied" });
    }
    expect(await read()).toEqual(first);
  }
  expect(cut).toBeGreaterThan(0);
});

async function isSending(syncId: string): Promise<void> {
  for (;;) {
    const rows = await runner.query("select from sync_sent where sync_id = $1 limit 1", [syncId]);
    if (rows.length > 0) return;
    await sleep(2);
  }
}
