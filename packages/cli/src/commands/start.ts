import { startPlumbline, stopOnSignals } from "@plumbline/server";
import { createConsoleLogger, installationOptions } from "../installation.ts";
import { openWebPages } from "../web-pages.ts";

interface StartOptions {
  port: number;
  host: string;
  allowedHost?: string[];
  roles: { web: boolean; worker: boolean };
}

/** Starts pages and API, with a worker unless told otherwise, and stays until it is stopped. */
export async function start(options: StartOptions): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const logger = createConsoleLogger("info");
  const installation = installationOptions();
  const webRoot = await openWebPages(say);
  const running = await startPlumbline({
    ...installation,
    roles: options.roles,
    port: options.port,
    host: options.host,
    allowedHosts: options.allowedHost,
    webRoot,
    logger,
  });
  say("");
  say(`  Plumbline    ${running.url ?? ""}`);
  say(
    `  data in      ${installation.databaseUrl === undefined ? installation.dataDirectory : "your PostgreSQL (DATABASE_URL)"}`,
  );
  if (running.setupLink !== null) {
    say("");
    say("  First start. Open this link once to become administrator:");
    say(`  ${running.setupLink}`);
  }
  say("");
  say("  Ctrl-C stops it.");
  await stopOnSignals(running, logger);
}

/** Runs a worker beside the others, until it is stopped. */
export async function worker(): Promise<void> {
  const logger = createConsoleLogger("info");
  const running = await startPlumbline({
    ...installationOptions(),
    roles: { web: false, worker: true },
    port: 0,
    host: "127.0.0.1",
    webRoot: null,
    logger,
  });
  process.stdout.write("This worker takes runs from the queue. Ctrl-C stops it.\n");
  await stopOnSignals(running, logger);
}
