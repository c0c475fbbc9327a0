import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";

let folder: string;
let server: TestApp;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plumbline-pages-"));
  await mkdir(join(folder, "web/assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(folder, "web/index.html"), "<!doctype html><title>Plumbline</title>");
  await writeFile(join(folder, "web/favicon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  await writeFile(join(folder, "web/assets/index-4f2a.js"), "export {};");
  server = await createTestApp({ webRoot: join(folder, "web") });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test("every page of the application is its index, which is asked for anew each time", async () => {
  for (const path of ["/", "/plugins/ssot/", "/setup/?token=x", "/inventory/tenants/1/"]) {
    const answer = await server.app.request(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(await answer.text()).toContain("<title>Plumbline</title>");
  }
});

test("files named by their content are kept for ever, and missing ones are not the index", async () => {
  const script = await server.app.request("/assets/index-4f2a.js");
  expect(script.headers.get("cache-control")).toContain("immutable");
  expect(script.headers.get("content-type")).toContain("javascript");
  expect((await server.app.request("/assets/index-0000.js")).status).toBe(404);
  expect((await server.app.request("/favicon.svg")).headers.get("content-type")).toContain("svg");
});

test("what is long travels compressed", async () => {
  await writeFile(
    join(folder, "web/assets/long-1b2c.js"),
    `export const text = "${"x".repeat(5000)}";`,
  );
  const headers = { "accept-encoding": "gzip" };
  const answer = await server.app.request("/assets/long-1b2c.js", { headers });
  expect(answer.headers.get("content-encoding")).toBe("gzip");
  expect((await answer.arrayBuffer()).byteLength).toBeLessThan(500);
});

test("nothing outside the folder is served", async () => {
  for (const path of [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
  ]) {
    expect(await (await server.app.request(path)).text()).not.toContain("secret");
  }
});

test("without built pages the server says how to build them", async () => {
  const bare = await createTestApp({ webRoot: null });
  const answer = await bare.app.request("/");
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain("npm run build");
  await bare.close();
});
