import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, json } from "./app.ts";
import type { TestApp } from "./app.ts";

let server: TestApp;

beforeAll(async () => {
  server = await createTestApp({ allowedHosts: ["plumbline.example.net"] });
});

afterAll(async () => {
  await server.close();
});

const statusOf = async (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
  (await server.request(path, { ...init, headers: { ...(init.headers as object), ...headers } }))
    .status;

test.each([
  ["127.0.0.1:8080", 200],
  ["localhost:8080", 200],
  ["LOCALHOST", 200],
  ["[::1]:8080", 200],
  ["plumbline.example.net", 200],
  ["evil.example", 403],
  ["127.0.0.1.evil.example", 403],
  ["localhost.evil.example:8080", 403],
  ["192.168.1.4:8080", 403],
  ["localhost@evil.example", 403],
  ["", 403],
])("a request for the host %o is answered with %i", async (host, status) => {
  expect(await statusOf("/api/status", { host })).toBe(status);
});

describe("a request that changes something", () => {
  const signOut = { method: "DELETE" };

  test.each([
    ["its own page", { host: "localhost:8080", origin: "http://localhost:8080" }, 404],
    [
      "the proxy's page",
      { host: "plumbline.example.net", origin: "https://plumbline.example.net" },
      404,
    ],
    ["a program", { host: "localhost:8080" }, 404],
    ["another site", { host: "localhost:8080", origin: "https://evil.example" }, 403],
    ["another port", { host: "localhost:8080", origin: "http://localhost:3000" }, 403],
    ["a sandboxed frame", { host: "localhost:8080", origin: "null" }, 403],
    ["a form of another site", { host: "localhost:8080", "sec-fetch-site": "cross-site" }, 403],
  ])("from %s", async (_, headers, status) => {
    const path = "/api/tokens/00000000-0000-4000-8000-000000000000";
    expect(await statusOf(path, headers, signOut)).toBe(status);
  });
});

test("bound to every address, the server answers for addresses and not for names", async () => {
  const open = await createTestApp({ host: "0.0.0.0" });
  const status = async (host: string) =>
    (await open.request("/api/status", { headers: { host } })).status;
  expect(await status("192.168.1.4:8080")).toBe(200);
  expect(await status("[fe80::1]:8080")).toBe(200);
  expect(await status("evil.example")).toBe(403);
  await open.close();
});

test("a body over 1 MiB is refused, whether or not it says its length", async () => {
  const body = JSON.stringify({ variables: { text: "x".repeat(1024 * 1024) } });
  const headers = { "content-type": "application/json" };
  const path = "/api/ssot/jobs/sites/run";
  const declared = { ...headers, "content-length": String(body.length) };
  expect((await server.request(path, { method: "POST", body, headers: declared })).status).toBe(
    413,
  );
  const stream = new Blob([body]).stream();
  const init = { method: "POST", body: stream, headers, duplex: "half" } as RequestInit;
  expect((await server.request(path, init)).status).toBe(413);
});

test("what cannot be read is named", async () => {
  const broken = await server.request("/api/ssot/jobs/sites/run", {
    method: "POST",
    body: "{",
    headers: { "content-type": "application/json" },
  });
  expect(broken.status).toBe(400);
  expect(await broken.json()).toMatchObject({ error: { code: "invalid-input" } });
  const wrong = await server.request("/api/ssot/jobs/sites/run", json({ isDryRun: "perhaps" }));
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({
    error: { code: "invalid-input", details: { faults: [{ field: "isDryRun" }] } },
  });
  const query = await server.request("/api/ssot/syncs?status=sleeping&limit=9999");
  expect(query.status).toBe(400);
  expect(await query.json()).toMatchObject({
    error: {
      message: expect.stringMatching(/: status must be one of pending, .*; limit must/) as string,
    },
  });
  const id = await server.request("/api/ssot/syncs/xyz");
  expect(await id.json()).toMatchObject({
    error: { message: expect.stringContaining("id must be an id") as string },
  });
  const syncs = "/api/ssot/syncs/00000000-0000-4000-8000-000000000000/changes";
  const long = await server.request(`${syncs}?q=${"x".repeat(201)}`);
  expect(await long.json()).toMatchObject({
    error: { message: "The request is not understood: q must have at most 200 characters." },
  });
  const missing = await server.request("/api/ssot/syncs/00000000-0000-4000-8000-000000000000");
  expect(missing.status).toBe(404);
  const unknown = await server.request("/api/nothing");
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ error: { code: "not-found" } });
});

test("every answer says what a browser may do with it", async () => {
  const { headers } = await server.request("/api/status");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("cache-control")).toBe("no-store");
});

test("an unexpected failure is logged and its cause kept from the client", async () => {
  const failing = await createTestApp();
  await failing.database.pool.query("drop table job_manifest");
  const answer = await failing.request("/api/models");
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("job_manifest");
  expect(failing.log.join("\n")).toMatch(/error: GET \/api\/models failed: .*job_manifest/);
  await failing.close();
});
