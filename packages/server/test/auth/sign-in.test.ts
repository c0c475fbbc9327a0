import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSetupLink } from "../../src/auth/setup.ts";
import { administrator, createTestApp, json } from "../rest/app.ts";
import type { TestApp } from "../rest/app.ts";

let server: TestApp;

afterEach(async () => {
  await server.close();
});

async function newToken(): Promise<string> {
  const link = await createSetupLink(server.database, "http://127.0.0.1:8080");
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8080\/setup\/\?token=[\w-]{32}$/);
  return new URL(link ?? "").searchParams.get("token") ?? "";
}

describe("a fresh installation", () => {
  beforeEach(async () => {
    server = await createTestApp({ isSetUp: false });
  });

  test("asks for set-up and answers nothing else", async () => {
    const session = await server.app.request("/api/session");
    expect(await session.json()).toEqual({ user: null, needsSetup: true });
    const dashboard = await server.app.request("/api/ssot/dashboard");
    expect(dashboard.status).toBe(401);
    expect(await dashboard.json()).toMatchObject({ error: { code: "not-authenticated" } });
  });

  test("makes one administrator by the link, who is signed in at once", async () => {
    const token = await newToken();
    const answer = await server.app.request("/api/setup", json({ token, ...administrator }));
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({
      user: { name: "ada", isSuperuser: true, may: {} },
      needsSetup: false,
    });
    const cookie = answer.headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/^plumbline_session=.*HttpOnly.*SameSite=Lax/i);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    const dashboard = await server.app.request("/api/ssot/dashboard", { headers });
    expect(dashboard.status).toBe(200);
  });

  test("takes a link once, and no link when there is an administrator", async () => {
    const [first, second] = [await newToken(), await newToken()];
    const use = (token: string, username: string) =>
      server.app.request("/api/setup", json({ token, username, password: administrator.password }));
    const answers = await Promise.all([use(first, "ada"), use(second, "eve"), use(first, "eve")]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403, 403]);
    expect(await createSetupLink(server.database, "http://localhost")).toBeNull();
  });

  test("refuses an invented link, an expired one, and a short password, and keeps a good one", async () => {
    const token = await newToken();
    const use = (body: object) =>
      server.app.request("/api/setup", json({ token, ...administrator, ...body }));
    expect((await use({ token: "guessed" })).status).toBe(403);
    expect((await use({ password: "short" })).status).toBe(400);
    expect((await use({ username: "a b" })).status).toBe(400);
    await server.database.pool.query("update setup_token set expires_at = now() - interval '1 s'");
    expect((await use({})).status).toBe(403);
    await server.database.pool.query("update setup_token set expires_at = now() + interval '1 h'");
    expect((await use({})).status).toBe(201);
  });

  test("says of a link whether it is good, before anything is filled in", async () => {
    const token = await newToken();
    const isGood = async (text: string) => {
      const answer = await server.app.request(`/api/setup?token=${text}`);
      return ((await answer.json()) as { isGood: boolean }).isGood;
    };
    expect(await isGood("guessed")).toBe(false);
    expect(await isGood(token)).toBe(true);
    await server.app.request("/api/setup", json({ token, ...administrator }));
    expect(await isGood(token)).toBe(false);
  });

  test("keeps no password, session secret or link in readable form", async () => {
    const token = await newToken();
    const stored = await server.database.pool.query(
      "select encode(token_hash, 'escape') as text from setup_token",
    );
    expect(JSON.stringify(stored.rows)).not.toContain(token);
    await server.app.request("/api/setup", json({ token, ...administrator }));
    const accounts = await server.database.pool.query("select * from auth_account");
    expect(accounts.rows).toHaveLength(1);
    expect(JSON.stringify(accounts.rows)).not.toContain(administrator.password);
  });
});

describe("signing in", () => {
  beforeEach(async () => {
    server = await createTestApp();
  });

  const signIn = (body: object, headers: Record<string, string> = {}) => {
    const request = json(body);
    return server.app.request("/api/session", {
      ...request,
      headers: { ...(request.headers as Record<string, string>), ...headers },
    });
  };

  test("needs the right name and password, and does not say which was wrong", async () => {
    const wrong = [
      await signIn({ ...administrator, password: "wrong horse battery" }),
      await signIn({ ...administrator, username: "nobody" }),
      await signIn({ username: "", password: "" }),
    ];
    const texts = await Promise.all(wrong.map((answer) => answer.text()));
    expect(wrong.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(texts).size).toBe(1);
    expect((await signIn({ ...administrator, username: "Ada" })).status).toBe(200);
  });

  test("ends with signing out", async () => {
    const answer = await signIn(administrator);
    const headers = { cookie: (answer.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "" };
    const status = async () => (await server.app.request("/api/status", { headers })).status;
    expect(await status()).toBe(200);
    const out = await server.app.request("/api/session", { method: "DELETE", headers });
    expect(out.status).toBe(204);
    expect(await status()).toBe(401);
  });

  test("a changed or expired cookie is nobody's", async () => {
    const cookie =
      ((await signIn(administrator)).headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
    const status = async (value: string) =>
      (await server.app.request("/api/status", { headers: { cookie: value } })).status;
    expect(await status(`${cookie.slice(0, -8)}AAAA${cookie.slice(-4)}`)).toBe(401);
    expect(await status(cookie)).toBe(200);
    await server.database.pool.query("update auth_session set expires_at = now() - interval '1 s'");
    expect(await status(cookie)).toBe(401);
  });

  test("behind HTTPS the cookie never travels without it", async () => {
    const answer = await signIn(administrator, { "x-forwarded-proto": "https" });
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Secure$/);
  });

  test("is refused after ten failures, even with the right password", async () => {
    const wrong = { ...administrator, password: "wrong horse battery" };
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await signIn(wrong)).status).toBe(401);
    const answer = await signIn(administrator);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(60);
  });
});

describe("API tokens", () => {
  beforeEach(async () => {
    server = await createTestApp();
  });

  async function createToken(
    body: object = { name: "scripts" },
  ): Promise<{ id: string; key: string }> {
    const answer = await server.request("/api/tokens", json(body));
    expect(answer.status).toBe(201);
    return (await answer.json()) as { id: string; key: string };
  }

  const statusWith = async (authorization: string) =>
    (await server.app.request("/api/status", { headers: { authorization } })).status;

  test("are used as Token or Bearer until revoked", async () => {
    const { id, key } = await createToken();
    expect(await statusWith(`Token ${key}`)).toBe(200);
    expect(await statusWith(`Bearer ${key}`)).toBe(200);
    expect(await statusWith(`Token ${key}x`)).toBe(401);
    const { items } = await server.read<{ items: { id: string; lastUsedAt: string | null }[] }>(
      "/api/tokens",
    );
    expect(items).toMatchObject([{ id, name: "scripts" }]);
    expect(items[0]?.lastUsedAt).not.toBeNull();
    expect((await server.request(`/api/tokens/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await statusWith(`Token ${key}`)).toBe(401);
    expect((await server.request(`/api/tokens/${id}`, { method: "DELETE" })).status).toBe(404);
  });

  test("are shown once and kept as hashes", async () => {
    const { key } = await createToken();
    expect(await (await server.request("/api/tokens")).text()).not.toContain(key);
    const { rows } = await server.database.pool.query("select * from api_token");
    expect(JSON.stringify(rows)).not.toContain(key.slice(14));
  });

  test("end when their time is over", async () => {
    const { key } = await createToken({ name: "a day", expiresInDays: 1 });
    expect(await statusWith(`Token ${key}`)).toBe(200);
    await server.database.pool.query("update api_token set expires_at = now() - interval '1 s'");
    expect(await statusWith(`Token ${key}`)).toBe(401);
  });

  test("that may only read are refused every write, in both parts of the API", async () => {
    const { key } = await createToken({ name: "reports", mayWrite: false });
    const headers = { authorization: `Token ${key}`, "content-type": "application/json" };
    const status = async (path: string, method: string) =>
      server.app.request(path, { method, headers, ...(method !== "GET" && { body: "{}" }) });
    expect((await status("/api/ssot/dashboard", "GET")).status).toBe(200);
    expect((await status("/api/dcim/devices/", "GET")).status).toBe(200);
    expect((await status("/api/ssot/syncs", "DELETE")).status).toBe(403);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await status("/api/dcim/devices/", method);
      expect([method, answer.status, await answer.json()]).toEqual([
        ...[method, 403],
        { detail: "You do not have permission to perform this action." },
      ]);
    }
    const { items } = await server.read<{ items: object[] }>("/api/tokens");
    expect(items).toMatchObject([{ name: "reports", mayWrite: false }]);
  });

  test("are made, listed and deleted at Nautobot's address, with name and password", async () => {
    const basic = (password: string) => ({
      authorization: `Basic ${Buffer.from(`${administrator.username}:${password}`).toString("base64")}`,
      "content-type": "application/json",
    });
    const ask = (
      method: string,
      path = "",
      body?: object,
      headers = basic(administrator.password),
    ) =>
      server.app.request(`/api/users/tokens/${path}`, {
        ...{ method, headers, body: body ? JSON.stringify(body) : null },
      });
    const made = await ask("POST", "", {
      ...{ description: "reports", write_enabled: false, expires: "2999-01-01T00:00:00Z" },
    });
    expect(made.status).toBe(201);
    const token = (await made.json()) as { id: string; key: string };
    expect(token).toMatchObject({
      ...{ object_type: "users.token", description: "reports", write_enabled: false },
      expires: "2999-01-01T00:00:00.000Z",
    });
    const byToken = { ...basic(""), authorization: `Token ${token.key}` };
    const list = await ask("GET", "", undefined, byToken);
    expect(await list.json()).toMatchObject({ count: 1, results: [{ id: token.id, key: null }] });
    expect((await ask("POST", "", {}, byToken)).status).toBe(403);
    expect((await ask("GET", "", undefined, basic("wrong"))).status).toBe(403);
    // Name and password are taken here only.
    const other = await server.app.request("/api/dcim/devices/", {
      headers: basic(administrator.password),
    });
    expect(other.status).toBe(403);
    const refused = await ask("POST", "", { key: "mine", expires: "soon", write_enabled: "odd" });
    expect(Object.keys((await refused.json()) as object).sort()).toEqual([
      ...["expires", "key", "write_enabled"],
    ]);
    expect((await ask("PATCH", `${token.id}/`, {})).status).toBe(405);
    expect((await ask("DELETE", `${token.id}/`)).status).toBe(204);
    expect((await ask("GET", `${token.id}/`)).status).toBe(404);
    const sessions = await server.database.pool.query("select from auth_session");
    expect(sessions.rowCount).toBe(1);
  });

  test("guessing passwords at Nautobot's address is slowed like at the sign-in", async () => {
    const guess = () =>
      server.app.request("/api/users/tokens/", {
        headers: { authorization: `Basic ${Buffer.from("ada:guess").toString("base64")}` },
      });
    for (let count = 0; count < 10; count += 1) expect((await guess()).status).toBe(403);
    expect((await guess()).status).toBe(429);
    expect((await server.app.request("/api/session", json(administrator))).status).toBe(429);
  });

  test("cannot make or revoke tokens", async () => {
    const { id, key } = await createToken();
    const headers = { authorization: `Token ${key}`, "content-type": "application/json" };
    const made = await server.app.request("/api/tokens", { ...json({ name: "heir" }), headers });
    expect(made.status).toBe(403);
    const revoked = await server.app.request(`/api/tokens/${id}`, { method: "DELETE", headers });
    expect(revoked.status).toBe(403);
  });
});
