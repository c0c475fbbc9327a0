import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { announce } from "../../src/syncs/announce.ts";
import { createTestApp } from "../rest/app.ts";
import type { TestApp } from "../rest/app.ts";
import { seedSync } from "../rest/seed.ts";
import type { SeededSync } from "../rest/seed.ts";

let server: TestApp;
let run: SeededSync;

beforeEach(async () => {
  server = await createTestApp();
  run = await seedSync(server.database.pool, { status: "running", isDryRun: false });
});

afterEach(async () => {
  await server.close();
});

interface Message {
  event: string;
  data: unknown;
}

/** The messages of the stream; ends where the stream does. */
async function* follow(path: string, signal?: AbortSignal): AsyncGenerator<Message> {
  const response = await server.request(path, signal ? { signal } : {});
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  let text = "";
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(
    new TextDecoderStream(),
  )) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const part = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const event = part("event");
      if (event !== undefined) yield { event, data: JSON.parse(part("data") ?? "null") };
    }
  }
}

async function log(message: string): Promise<void> {
  const { pool } = server.database;
  await pool.query("insert into job_log (job_result_id, level, message) values ($1, 'info', $2)", [
    run.jobResultId,
    message,
  ]);
  await announce(pool, "job-log", run.jobResultId);
}

async function finish(): Promise<void> {
  const { pool } = server.database;
  await pool.query("update job_result set status = 'applied', finished_at = now() where id = $1", [
    run.jobResultId,
  ]);
  await announce(pool, "job-result", run.jobResultId);
}

test("a follower sees lines and the result as they come, and the stream ends with the run", async () => {
  await log("first");
  const messages: Message[] = [];
  const times: number[] = [];
  for await (const message of follow(`/api/ssot/job-results/${run.jobResultId}/events`)) {
    messages.push(message);
    if (message.event !== "logs") continue;
    const lines = (message.data as { message: string }[]).map((line) => line.message);
    if (lines.includes("first")) times.push(Date.now(), await log("second").then(() => Date.now()));
    if (lines.includes("second")) {
      times.push(Date.now());
      await finish();
    }
  }
  expect(messages[0]).toMatchObject({ event: "result", data: { status: "running" } });
  expect(messages.at(-1)?.event).toBe("end");
  expect(messages.findLast(({ event }) => event === "result")).toMatchObject({
    data: { status: "applied" },
  });
  // Told by the notification, not found by the reading every ten seconds.
  expect((times[2] ?? Infinity) - (times[1] ?? 0)).toBeLessThan(3000);
});

test("a thousand announcements cost a follower four readings a second", async () => {
  const ending = new AbortController();
  let results = 0;
  const following = (async () => {
    for await (const { event } of follow(
      `/api/ssot/job-results/${run.jobResultId}/events`,
      ending.signal,
    )) {
      if (event === "result") results += 1;
    }
  })().catch(() => undefined);
  const { pool } = server.database;
  for (let done = 1; done <= 1000; done += 1) {
    await pool.query("update job_result set progress = $2 where id = $1", [
      run.jobResultId,
      JSON.stringify({ source: { done, total: 1000, perSecond: 10 } }),
    ]);
    await announce(pool, "progress", run.jobResultId);
    if (done % 250 === 0) await sleep(250);
  }
  await finish();
  await following;
  expect(results).toBeGreaterThan(2);
  expect(results).toBeLessThan(40);
});

test("a follower that comes back gets only the lines it lacks", async () => {
  await log("first");
  await log("second");
  const { rows } = await server.database.pool.query<{ id: number }>(
    "select min(id) as id from job_log",
  );
  await finish();
  const lines: string[] = [];
  const path = `/api/ssot/job-results/${run.jobResultId}/events?after=${rows[0]?.id ?? 0}`;
  for await (const { event, data } of follow(path)) {
    if (event === "logs")
      lines.push(...(data as { message: string }[]).map(({ message }) => message));
  }
  expect(lines).toEqual(["second"]);
});

test("an unknown run is not found", async () => {
  const answer = await server.request(
    "/api/ssot/job-results/00000000-0000-4000-8000-000000000000/events",
  );
  expect(answer.status).toBe(404);
});
