import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";

const publicName = "plumbline.example";
let folder: string;
let server: TestApp;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plumbline-pages-"));
  await mkdir(join(folder, "web/assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(folder, "web/index.html"), "<!doctype html><title>Plumbline</title>");
  await writeFile(join(folder, "web/favicon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  await writeFile(join(folder, "web/assets/index-4f2a.js"), "export {};");
  server = await createTestApp({ webRoot: join(folder, "web"), allowedHosts: [publicName] });
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

test("what is long travels compressed, but not to the machine itself", async () => {
  await writeFile(
    join(folder, "web/assets/long-1b2c.js"),
    `export const text = "${"x".repeat(5000)}";`,
  );
  const ask = (host: string, encoding: string) =>
    server.app.request(`http://${host}/assets/long-1b2c.js`, {
      headers: { "accept-encoding": encoding },
    });
  const packed = await ask(publicName, "gzip, deflate");
  expect(packed.headers.get("content-encoding")).toBe("gzip");
  expect(packed.headers.get("vary")).toBe("accept-encoding");
  const bytes = Buffer.from(await packed.arrayBuffer());
  expect(bytes.length).toBeLessThan(500);
  expect(gunzipSync(bytes).toString()).toContain("xxx");
  for (const plain of [await ask("localhost", "gzip"), await ask(publicName, "gzip;q=0")]) {
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.text()).toContain("xxx");
  }
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
