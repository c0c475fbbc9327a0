// The application over a database of its own, called without a port.
import { ConflictError } from "@plumbline/sync";
import { createAuth } from "../../src/auth/auth.ts";
import type { Auth } from "../../src/auth/auth.ts";
import { createSetupLink } from "../../src/auth/setup.ts";
import { openEventFeed } from "../../src/events/event-feed.ts";
import type { EventFeed } from "../../src/events/event-feed.ts";
import { createInventory } from "../../src/inventory/inventory.ts";
import { createApp } from "../../src/rest/app.ts";
import type { AppOptions, RunCommands } from "../../src/rest/app-options.ts";
import { createTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";
import { createRecordingLogger } from "../support/quiet-logger.ts";

export interface TestApp {
  readonly app: ReturnType<typeof createApp>;
  readonly database: TestDatabase;
  readonly auth: Auth;
  readonly events: EventFeed;
  readonly log: readonly string[];
  /** Calls the application as the administrator. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** The JSON that the path answers with. */
  read<T>(path: string): Promise<T>;
  close(): Promise<void>;
}

export const administrator = { username: "ada", password: "correct horse battery" };

/** Commands of a server whose queue is closed. */
const noCommands: RunCommands = {
  startSync: () => Promise.reject(new ConflictError("Nothing can be started here.")),
  carryOut: () => Promise.reject(new ConflictError("Nothing can be carried out here.")),
  cancelRun: () => Promise.reject(new ConflictError("Nothing can be cancelled here.")),
};

/** Makes the application; with `isSetUp: false` nobody can sign in yet. */
export async function createTestApp({
  isSetUp = true,
  commands,
  ...options
}: Partial<Omit<AppOptions, "commands">> & {
  readonly isSetUp?: boolean;
  readonly commands?: (database: TestDatabase) => RunCommands;
} = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const logger = createRecordingLogger();
  const auth = await createAuth(database);
  const events = await openEventFeed(database, logger);
  const app = createApp({
    database,
    inventory: createInventory(),
    auth,
    commands: commands?.(database) ?? noCommands,
    events,
    logger,
    webRoot: null,
    version: "0.0.0-test",
    ...options,
  });
  const cookie = isSetUp ? await signInFirst(database, auth) : "";
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("cookie", cookie);
    return app.request(path, { ...init, headers });
  };
  return {
    app,
    database,
    auth,
    events,
    log: logger.lines,
    request,
    async read<T>(path: string) {
      const response = await request(path);
      if (!response.ok)
        throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as T;
    },
    async close() {
      await events.close();
      await database.drop();
    },
  };
}

async function signInFirst(database: TestDatabase, auth: Auth): Promise<string> {
  const link = await createSetupLink(database, "http://localhost");
  const token = new URL(link ?? "").searchParams.get("token") ?? "";
  const { setCookies } = await auth.setUp(token, administrator, new Headers());
  return setCookies.map((cookie) => cookie.split(";")[0]).join("; ");
}

export function json(body: unknown, method = "POST"): RequestInit {
  return { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}
