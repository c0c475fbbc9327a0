import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createLabRunner, type LabRunner, tenants } from "../support/lab.ts";

interface System {
  readonly url: string;
  /** Every request but reads: "DELETE /tenants/7". */
  readonly writes: readonly string[];
  /** Answers this page with 500. */
  failingPage: number | null;
  items: { id: string; name: string }[];
}

let runner: LabRunner;
const servers: Server[] = [];
const pageSize = 100;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
});

afterAll(() => runner.close());

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

function numbered(from: number, to: number): System["items"] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    id: String(from + index),
    name: `Tenant ${String(from + index).padStart(6, "0")}`,
  }));
}

async function open(items: System["items"], isSecure = false): Promise<System> {
  const writes: string[] = [];
  const system: { -readonly [Name in keyof System]: System[Name] } = {
    url: "",
    writes,
    failingPage: null,
    items,
  };
  const answer: RequestListener = (request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    if (request.method !== "GET") {
      writes.push(`${request.method ?? ""} ${url.pathname}`);
      void keep(request, system.items).then(() => response.end("{}"));
      return;
    }
    const page = Number(url.searchParams.get("page"));
    if (page === system.failingPage) response.statusCode = 500;
    const shown = system.items.slice((page - 1) * pageSize, page * pageSize);
    const next = page * pageSize < system.items.length ? page + 1 : null;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ items: shown, total: system.items.length, next }));
  };
  const server = isSecure ? createSecureServer(certificate(), answer) : createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  system.url = `${isSecure ? "https" : "http"}://127.0.0.1:${port}/`;
  return system;
}

/** A tenant that is posted is there from then on. */
async function keep(request: IncomingMessage, items: System["items"]): Promise<void> {
  const text = (await request.toArray()).join("");
  if (request.method === "POST") items.push(JSON.parse(text) as System["items"][number]);
}

function certificate(): { key: Buffer; cert: Buffer } {
  const read = (name: string): Buffer =>
    readFileSync(
      fileURLToPath(new URL(`../../../plugin-kit/test/fixtures/${name}`, import.meta.url)),
    );
  return { key: read("loopback.key"), cert: read("loopback.crt") };
}

const run = (source: System, target: System, jobId = "over-http") =>
  runner.run({
    jobId,
    variables: { source: source.url, target: target.url },
    isDryRun: false,
    asksDeletes: true,
  });

it("a source that raises on its third page changes nothing", async () => {
  const source = await open(numbered(1, 500));
  source.failingPage = 3;
  const target = await open(numbered(1, 500));

  expect(await run(source, target)).toMatchObject({ status: "failed" });

  expect(target.writes).toEqual([]);
});

it("a source that answers with no rows deletes nothing", async () => {
  const target = await open(numbered(1, 500));

  const empty = await run(await open([]), target);

  expect(empty).toMatchObject({ status: "held", counts: { delete: 500, held: 500 } });
  expect(target.writes).toEqual([]);
});

it("a source whose certificate is refused changes nothing", async () => {
  const target = await open(numbered(1, 500));

  const refused = await run(await open([], true), target);

  expect(refused).toMatchObject({ status: "failed" });
  expect(refused.reason).toMatch(/certificate .* was refused/);
  expect(target.writes).toEqual([]);
});

it("a source that sees less by a lost permission, its total with it, creates and deletes nothing", async () => {
  const target = await open(numbered(1, 500));

  const less = await run(await open([...numbered(1, 300), ...numbered(501, 503)]), target);

  expect(less).toMatchObject({ status: "held", counts: { created: 3, delete: 200, held: 200 } });
  expect(target.writes).toEqual(Array<string>(3).fill("POST /tenants"));
});

it.each([
  ["another system", "writes-as-it-loads"],
  ["the hub", "hub-as-it-loads"],
])(
  "what an adapter tries to write as it loads for %s is refused and reported, even where it keeps quiet",
  async (_, jobId) => {
    const target = await open(numbered(1, 5));
    const kept = await runner.lab({ tenants: numbered(1, 5).map(({ name }) => ({ name })) });
    await runner.run({ jobId: "lab", variables: kept, isDryRun: false });
    const inHub = () => runner.query("select * from tenants order by id");
    const before = await inHub();

    const ended = await run(await open(numbered(1, 6)), target, jobId);

    expect(ended).toMatchObject({ status: "failed", counts: { create: 0 } });
    expect(ended.reason).toMatch(/DELETE .*tenants\/1 was refused/);
    expect(target.writes).toEqual([]);
    expect(before).toHaveLength(5);
    expect(await inHub()).toEqual(before);
    const log = await runner.query<{ message: string }>(
      "select message from job_log where job_result_id = $1 and level = 'error' order by id",
      [ended.jobResultId],
    );
    const told = log.map(({ message }) => message).join("\n");
    expect(told).toMatch(/DELETE .*tenants\/1 was refused/);
    expect(told).toContain("apply step alone");
  },
);

it("a source that sees less still has what is new and what changed written into the hub, and deletes nothing", async () => {
  await runner.query("truncate tenants, identity, object_change, hub_claim cascade");
  const runLab = async (list: readonly object[]) => {
    const variables = await runner.lab({ tenants: list });
    return runner.run({ jobId: "lab", variables, isDryRun: false, asksDeletes: true });
  };
  await runLab(tenants(500));
  const [first, ...others] = tenants(503);
  const changed = { ...first, description: "a partner" };

  const less = await runLab([changed, ...others.slice(0, 299), ...others.slice(-3)]);

  expect(less).toMatchObject({
    status: "held",
    counts: { created: 3, updated: 1, deleted: 0, delete: 200, held: 200 },
  });
  expect(await runner.query("select name, description from tenants order by name")).toEqual([
    changed,
    ...others,
  ]);
});
