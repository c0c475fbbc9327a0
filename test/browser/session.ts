// A browser with the first administrator signed in.
import type { Browser, Page } from "playwright-core";
import type { TestServer } from "./server.ts";

export async function openSignedIn(
  browser: Browser,
  server: TestServer,
  viewport = { width: 1440, height: 900 },
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: server.url,
    viewport,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(server.setupLink);
  await page.locator("input[type=password]").fill("correct horse battery");
  await page.getByRole("button", { name: "Make the administrator" }).click();
  await page.getByRole("heading", { name: "Single Source of Truth" }).waitFor();
  return page;
}
