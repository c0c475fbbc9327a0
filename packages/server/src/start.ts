import { readFileSync } from "node:fs";
import { createSetupLink } from "./auth/setup.ts";
import { createAuth } from "./auth/auth.ts";
import { openEventFeed } from "./events/event-feed.ts";
import { createInventory } from "./inventory/inventory.ts";
import { startWorker } from "./jobs/worker.ts";
import { listenHttp, type HttpListener } from "./listen-http.ts";
import { openPlumbline, type OpenOptions, type OpenPlumbline } from "./open.ts";
import { createApp } from "./rest/app.ts";
import type { RunCommands } from "./rest/app-options.ts";
import { cancelRun } from "./syncs/cancel.ts";
import { carryOut } from "./syncs/carry-out.ts";
import { startSync } from "./syncs/start.ts";

export interface StartOptions extends Omit<OpenOptions, "whenInUse"> {
  readonly roles: { readonly web: boolean; readonly worker: boolean };
  /** 0 takes any free port. */
  readonly port: number;
  /** Address to listen on; other than loopback only when told so. */
  readonly host: string;
  /** Further names the server is reached by, behind a proxy for instance. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Folder of the built pages; null serves the API alone. */
  readonly webRoot: string | null;
  /** Runs at a time. */
  readonly slots?: number | undefined;
}

export interface RunningPlumbline extends OpenPlumbline {
  /** Where the pages answer; null without the web role. */
  readonly url: string | null;
  /** One-time link that makes the first administrator; null when there is one. */
  readonly setupLink: string | null;
}

/**
 * Starts an installation: web pages and API, worker, or both.
 * @throws PlumblineError when the database or the port cannot be used; nothing is left running then.
 */
export async function startPlumbline(options: StartOptions): Promise<RunningPlumbline> {
  const opened = await openPlumbline({
    ...options,
    whenInUse: options.roles.web ? "refuse" : "join",
  });
  // Closed from the last to the first.
  const closers: (() => Promise<void>)[] = [() => opened.close()];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
      // What cannot take its leave, because the database is gone say, must not keep the rest open.
      await closer().catch((error: unknown) => {
        options.logger.warning(`Stopping was not clean: ${String(error)}`);
      });
    }
  };
  try {
    if (options.roles.worker) {
      const worker = await startWorker({ ...opened, logger: options.logger, slots: options.slots });
      closers.push(() => worker.stop());
    }
    if (!options.roles.web) return { ...opened, url: null, setupLink: null, close };
    const listener = await startWeb(options, opened, closers);
    const setupLink = await createSetupLink(opened.database, listener.url);
    return { ...opened, url: listener.url, setupLink, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startWeb(
  options: StartOptions,
  opened: OpenPlumbline,
  closers: (() => Promise<void>)[],
): Promise<HttpListener> {
  const { database } = opened;
  const { logger } = options;
  const events = await openEventFeed(database, logger);
  closers.push(() => events.close());
  const app = createApp({
    database,
    inventory: createInventory(),
    auth: await createAuth(database),
    commands: createRunCommands(opened),
    events,
    logger,
    webRoot: options.webRoot,
    host: options.host,
    allowedHosts: options.allowedHosts,
    version: readVersion(),
  });
  const listener = await listenHttp(app.fetch, options);
  closers.push(() => listener.close());
  return listener;
}

/** What pages can have done to runs, over an open installation. */
function createRunCommands(context: OpenPlumbline): RunCommands {
  return {
    startSync: (request) => startSync(context, request),
    carryOut: (request) => carryOut(context, request),
    cancelRun: (jobResultId, user) => cancelRun(context.database, jobResultId, user.name),
  };
}

function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
