import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { CancelledError, type Logger, NotAllowedError, RemoteSystemError } from "@plumbline/sync";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpClientOptions } from "./http-client.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
const logged: string[] = [];
const logger: Logger = {
  debug: (message) => logged.push(message),
  info: (message) => logged.push(message),
  warning: (message) => logged.push(message),
  error: (message) => logged.push(message),
};

afterEach(async () => {
  logged.length = 0;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server that gives these answers in turn, the last one for ever. */
async function serve(...answers: Answer[]): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answers[Math.min(requests.length, answers.length) - 1]!(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`, requests };
}

const good: Answer = (_, response) => response.end('{"is":"good"}');
const status =
  (code: number, headers: Record<string, string> = {}, body = '{"detail":"no"}'): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end(body);
const cut: Answer = (_, response) => {
  response.writeHead(200, { "content-length": "1000" });
  response.write('{"is":', () => setTimeout(() => response.destroy(), 10));
};
const truncated: Answer = (_, response) => response.end('{"is":');
const silent: Answer = () => undefined;

function client(baseUrl: string, options: Partial<HttpClientOptions> = {}) {
  return createHttpClient({
    system: "Lab",
    baseUrl,
    retryDelayMs: 5,
    retries: 2,
    logger,
    ...options,
  });
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

describe("an HTTP client", () => {
  it("reads JSON, with headers and query", async () => {
    const { url, requests } = await serve(good);

    const read = await client(url, { headers: { authorization: "Token abc" } }).getJson("things/", {
      limit: 1,
    });

    expect(read).toEqual({ is: "good" });
    expect(requests[0]!.url).toBe("/api/things/?limit=1");
    expect(requests[0]!.headers.authorization).toBe("Token abc");
  });

  it.each([
    ["a 500", status(500)],
    ["a 503", status(503)],
    ["a 429", status(429)],
    ["a connection cut in the middle of the body", cut],
    ["JSON that breaks off", truncated],
  ])("asks again after %s", async (_, fault) => {
    const { url, requests } = await serve(fault, good);

    expect(await client(url).getJson("x")).toEqual({ is: "good" });
    expect(requests).toHaveLength(2);
    expect(logged.join()).toMatch(/Lab: GET http.* failed .* attempt 2 follows/);
  });

  it.each([
    ["seconds", "1"],
    ["a date", () => new Date(Date.now() + 2000).toUTCString()],
  ])("waits as long as Retry-After asks, in %s", async (_, value) => {
    const header = typeof value === "string" ? value : value();
    const { url } = await serve(status(429, { "retry-after": header }), good);
    const start = performance.now();

    await client(url).getJson("x");

    const waited = performance.now() - start;
    expect(waited).toBeGreaterThan(850);
    expect(waited).toBeLessThan(4000);
  });

  it("does not wait longer than its own limit for Retry-After", async () => {
    const { url } = await serve(status(429, { "retry-after": "3600" }), good);
    const start = performance.now();

    await client(url, { maxRetryAfterMs: 20 }).getJson("x");

    expect(performance.now() - start).toBeLessThan(2000);
  });

  it.each([
    [status(401), /credentials were refused \(401\) by http.*\/api\/x: "no"; check/],
    [status(403), /access was refused \(403\) by http.*"no"; check the connection's secret/],
    [status(404), /there is nothing at http.*\(404\); check/],
    [status(400, {}, "plain words"), /refused the request \(400 Bad Request\): "plain words"/],
    [status(429), /asked too often \(429\) in each of 3 attempts/],
    [status(500, {}, "<html>oops</html>"), /failed \(500 Internal.*\) in each of 3 attempts; look/],
    [truncated, /http.*\/api\/x answered with something that is not JSON/],
    [cut, /the connection to http.*\/api\/x broke .*in each of 3 attempts/],
  ] as [Answer, RegExp][])("explains a failure: %#", async (answer, text) => {
    const { url } = await serve(answer);

    const error = await failure(client(url).getJson("x"));

    expect(error).toBeInstanceOf(RemoteSystemError);
    expect(error.message).toMatch(text);
    expect(error.message).toMatch(/^Lab: /);
  });

  it("gives up on a slow answer", async () => {
    const { url, requests } = await serve(silent);

    const error = await failure(client(url, { timeoutMs: 50, retries: 1 }).getJson("x"));

    expect(error.message).toMatch(/did not answer within 0.05 s in each of 2 attempts/);
    expect(requests).toHaveLength(2);
  });

  it("says that a system cannot be reached", async () => {
    const probe = createTcpServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => probe.once("listening", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));

    const error = await failure(client(`http://127.0.0.1:${port}/`).getJson("x"));

    expect(error.message).toMatch(/127\.0\.0\.1:\d+ cannot be reached: the connection was refused/);
  });

  it("says when the other side does not speak TLS", async () => {
    const { url } = await serve(good);

    const error = await failure(client(url.replace("http:", "https:")).getJson("x"));

    expect(error.message).toMatch(/does not speak TLS|connection to .* broke/);
  });

  it("refuses a certificate it cannot trace, unless told which authority or not to check", async () => {
    const fixture = (name: string) =>
      fileURLToPath(new URL(`../test/fixtures/${name}`, import.meta.url));
    const server = createSecureServer(
      { key: readFileSync(fixture("loopback.key")), cert: readFileSync(fixture("loopback.crt")) },
      (_, response) => response.end('{"is":"good"}'),
    );
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `https://127.0.0.1:${port}/`;

    const error = await failure(client(url).getJson("x"));
    const known = client(url, { tls: { caFile: fixture("loopback.crt") } });
    const unchecked = client(url, { tls: { verify: false } });

    expect(error.message).toMatch(
      /the certificate of https:\/\/127\.0\.0\.1:\d+ was refused: it is signed by itself; give/,
    );
    expect(await known.getJson("x")).toEqual({ is: "good" });
    expect(await unchecked.getJson("x")).toEqual({ is: "good" });
    const other = client(url.replace("127.0.0.1", "localhost"), {
      tls: { caFile: fixture("loopback.crt") },
    });
    expect((await failure(other.getJson("x"))).message).toMatch(/made out for another host name/);
  });

  it("never shows a secret in an error or a log line", async () => {
    const { url } = await serve(status(500), status(403));

    const error = await failure(
      client(url, { headers: { authorization: "Token hush-hush" } }).getJson("x"),
    );

    expect(inspect(error, { depth: 20 }) + logged.join()).not.toContain("hush-hush");
  });

  it("refuses to write while it is read-only, and still sends queries", async () => {
    const { url, requests } = await serve(good);
    const readOnly = client(url, { isReadOnly: true });

    expect(await failure(readOnly.sendJson("POST", "x", {}))).toBeInstanceOf(NotAllowedError);
    expect(await readOnly.queryJson("graphql/", { query: "{}" })).toEqual({ is: "good" });
    expect(requests.map((request) => request.url)).toEqual(["/api/graphql/"]);
  });

  it("repeats a write only when the system says that it did nothing", async () => {
    const failing = await serve(status(500), good);
    const busy = await serve(status(429), good);

    await failure(client(failing.url).sendJson("POST", "x", {}));
    await client(busy.url).sendJson("POST", "x", {});

    expect(failing.requests).toHaveLength(1);
    expect(busy.requests).toHaveLength(2);
  });

  it("gives a refusal of a write as an answer to whoever reads refusals, and throws where none came", async () => {
    const refusing = await serve(status(400, {}, '[{"name":["No."]}]'));
    const failing = await serve(status(500, {}, "<p>Broken</p>"));
    const broken = await serve((_, response) => response.destroy());

    expect(await client(refusing.url).exchangeJson("POST", "x", [{}])).toEqual({
      status: 400,
      body: [{ name: ["No."] }],
    });
    expect(await client(failing.url).exchangeJson("POST", "x", [{}])).toMatchObject({
      status: 500,
    });
    expect(failing.requests).toHaveLength(1);
    expect(await failure(client(broken.url).exchangeJson("POST", "x", [{}]))).toBeInstanceOf(
      RemoteSystemError,
    );
    expect(broken.requests).toHaveLength(1);
  });

  it("shows only the start of a long address in what it says", async () => {
    const { url } = await serve(status(500), status(404));

    const error = await failure(client(url).getJson(`things/?${"id=1234567890&".repeat(200)}`));

    expect(error.message).toMatch(/things\/\?id=1234567890&.*… \(404\)/);
    expect([error.message, ...logged].every((text) => text.length < 500)).toBe(true);
    expect(logged).toHaveLength(1);
  });

  it("stops at once when cancelled, in a request, a wait or the queue", async () => {
    const slow = await serve(silent);
    const busy = await serve(status(503, { "retry-after": "30" }));
    const cancel = new AbortController();
    const one = client(slow.url, { signal: cancel.signal, concurrency: 1 });
    const two = client(busy.url, { signal: cancel.signal });
    const running = [one.getJson("a"), one.getJson("b"), two.getJson("c")].map(failure);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();

    cancel.abort();
    const errors = await Promise.all(running);

    expect(performance.now() - start).toBeLessThan(1000);
    for (const error of errors) expect(error).toBeInstanceOf(CancelledError);
    expect(await failure(one.getJson("d"))).toBeInstanceOf(CancelledError);
    expect(slow.requests).toHaveLength(1);
  });

  it("keeps to its limit of requests at once", async () => {
    let now = 0;
    let most = 0;
    const { url } = await serve((_, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.end("{}");
      }, 20);
    });
    const limited = client(url, { concurrency: 2 });

    await Promise.all(Array.from({ length: 8 }, (_, n) => limited.getJson(`${n}`)));

    expect(most).toBe(2);
  });

  it("warns when certificates are not checked, and names a missing authority file", async () => {
    const { url } = await serve(good);

    client(url, { tls: { verify: false } });

    expect(logged.join()).toContain("is not checked");
    expect(() => client(url, { tls: { caFile: "/nowhere.pem" } })).toThrow(/\/nowhere\.pem/);
    expect(() => client("nautobot.example")).toThrow(/is not a URL/);
  });
});
