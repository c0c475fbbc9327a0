// What the tests of a file about pages begin with.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type ServerOptions, startServer, type TestServer } from "./server.ts";
import { openSignedIn } from "./session.ts";

interface Opened {
  readonly page: Page;
  readonly server: TestServer;
}

/**
 * Gives the file's tests a Plumbline of their own and a page that is signed in; `ready` takes them and makes what
 * else is needed. Without a Chromium the tests are skipped.
 */
export function signedIn(
  ready: (opened: Opened) => void | Promise<void>,
  options: ServerOptions = {},
): void {
  let browser: Browser | undefined;
  let server: TestServer | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
    if (!browser) return;
    server = await startServer(options);
    await ready({ page: await openSignedIn(browser, server), server });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  beforeEach((t) => {
    if (!browser) t.skip("no Chromium on this machine");
  });
}
