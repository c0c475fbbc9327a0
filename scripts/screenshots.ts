// Makes the pictures of docs/images from a fresh installation with the example jobs.
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { launchChromium } from "../test/browser/chromium.ts";
import { startServer } from "../test/browser/server.ts";
import { openSignedIn } from "../test/browser/session.ts";

const folder = join(dirname(import.meta.dirname), "docs/images");
const runTimeoutMs = 60_000;

/** Runs a job by its form and waits until the page shows how it ended. */
async function run(page: Page, job: string, isDryRun: boolean, outcome: string): Promise<void> {
  await page.goto(`/plugins/ssot/jobs/${job}/run/`);
  if (!isDryRun) await page.getByLabel("Dry run").uncheck();
  await page.getByRole("button", { name: /^Run Job/ }).click();
  await page.waitForURL("**/extras/job-results/*/");
  await page.getByText(outcome, { exact: true }).waitFor({ timeout: runTimeoutMs });
}

async function picture(page: Page, name: string, height: number): Promise<void> {
  await page.setViewportSize({ width: 1440, height });
  await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
  await page.evaluate("scrollTo(0, 0)");
  await page.evaluate("document.fonts.ready");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await writeFile(path, await page.screenshot({ animations: "disabled", caret: "hide" }));
  const { size } = await stat(path);
  process.stdout.write(`docs/images/${name}.png, ${Math.round(size / 1000)} kB\n`);
}

const browser = await launchChromium();
if (!browser) throw new Error("There is no Chromium to take pictures with.");
const server = await startServer();
try {
  const page = await openSignedIn(browser, server);
  await page.emulateMedia({ colorScheme: "light" });
  await run(page, "example-data-source", true, "Differences found");

  await page.getByRole("button", { name: "SSoT Sync Details" }).click();
  const tree = page.getByRole("navigation", { name: "Changes by type and parent" });
  await tree.getByRole("button", { name: "Open Locations" }).click();
  await tree.getByRole("button", { name: /^create Europe/ }).click();
  await page.getByRole("listitem").filter({ hasText: "Germany" }).first().waitFor();
  await page.locator("[data-index='0'] button").first().click();
  await page.getByRole("columnheader", { name: "Added" }).waitFor();
  await picture(page, "sync-record", 1220);

  await run(page, "example-data-source", false, "Applied");
  await run(page, "example-data-source", true, "In agreement");
  await run(page, "example-data-target", true, "Differences found");
  await page.goto("/plugins/ssot/");
  await page.getByRole("heading", { name: "Newest syncs" }).waitFor();
  await picture(page, "dashboard", 700);
} finally {
  await browser.close();
  await server.stop();
}
