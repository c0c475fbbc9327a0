// Users that tests let do some things.
import type { PermittedAction } from "../../src/auth/access.ts";
import { administrator, json, type TestApp } from "./app.ts";

export interface Permission {
  readonly types: readonly string[];
  readonly actions: readonly PermittedAction[];
  readonly constraints?: object | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  /** Calls the application as this user. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Status and JSON of the answer. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
}

/** A new user with these permissions and no others, who has an API token. */
export async function addPerson(
  server: TestApp,
  name: string,
  permissions: readonly Permission[],
): Promise<Person> {
  const { password } = administrator;
  const made = await send(server, "users", { username: name, password });
  const id = String(made["id"]);
  for (const [index, { types, actions, constraints = null }] of permissions.entries()) {
    await send(server, "permissions", {
      ...{ name: `${name} ${index}`, object_types: types, actions, constraints, users: [id] },
    });
  }
  const token = await server.app.request("/api/users/tokens/", {
    ...json({}),
    headers: {
      authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`,
      "content-type": "application/json",
    },
  });
  const { key } = (await token.json()) as { key: string };
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Token ${key}`);
    return server.app.request(path, { ...init, headers });
  };
  return {
    ...{ id, name, request },
    async ask(method, path, body) {
      const answer = await request(path, body === undefined ? { method } : json(body, method));
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
    },
  };
}

async function send(server: TestApp, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await server.request(`/api/users/${path}/`, json(body));
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`users/${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
