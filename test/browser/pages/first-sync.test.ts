import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seriousFaults } from "../access.ts";
import { launchChromium } from "../chromium.ts";
import { startServer, type TestServer } from "../server.ts";

let browser: Browser | undefined;
let server: TestServer | undefined;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  if (!browser) return;
  server = await startServer();
  context = await browser.newContext({
    baseURL: server.url,
    viewport: { width: 1440, height: 900 },
    // Nothing fades in, so that colours are what they will be when they are measured.
    reducedMotion: "reduce",
  });
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => faults.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function runExampleSource(isDryRun: boolean): Promise<void> {
  await page.goto("/plugins/ssot/jobs/example-data-source/run/");
  if (!isDryRun) await page.getByLabel("Dry run").uncheck();
  const button = isDryRun ? "Run Job (dry run)" : "Run Job";
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.waitForURL("**/extras/job-results/*/");
}

/** Uncompressed; what React checks in development would add 250 kB. */
const mostScriptBytes = 800_000;

// One after the other, as a person would: each test begins where the one before it ended.
describe("the way from the first start to two systems in agreement", () => {
  let isBroken = false;
  beforeEach((t) => {
    if (isBroken) t.skip("an earlier step failed");
    t.onTestFailed(() => {
      isBroken = true;
    });
  });

  test("a stranger is sent to the sign-in page, which says where the first link is", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await page.goto("/");
    await page.getByRole("heading", { name: "Almost there" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/login/");
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("the one-time link makes the administrator and opens the dashboard", async (t) => {
    if (!browser || !server) return t.skip("no Chromium on this machine");
    await page.goto(server.setupLink);
    await page.locator("input[type=password]").fill("correct horse battery");
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Make the administrator" }).click();
    await page.getByRole("heading", { name: "Single Source of Truth" }).waitFor();
    await page.getByText("a dry run shows what would change").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("what the browser loads until the dashboard stands is built for use, not for development", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await page.reload();
    await page.getByRole("heading", { name: "Single Source of Truth" }).waitFor();
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.endsWith(".js"))
        .reduce(
          (sum, entry) => sum + (entry as unknown as { decodedBodySize: number }).decodedBodySize,
          0,
        ),
    );
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(mostScriptBytes);
  });

  test("Sync leads over the form to a run that is followed to its end", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await page.getByRole("link", { name: "Sync Example Data Source" }).click();
    await page.getByRole("button", { name: "Run Job (dry run)" }).waitFor();
    expect(await page.getByLabel("Dry run").isChecked()).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);

    await page.getByRole("button", { name: "Run Job (dry run)" }).click();
    await page.getByText("Differences found", { exact: true }).waitFor({ timeout: 40_000 });
    await page
      .getByText(/^Loaded /)
      .first()
      .waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("the record of the dry run shows the creates, and nothing was written", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await page.getByRole("button", { name: "SSoT Sync Details" }).click();
    await page.getByRole("table", { name: "Changes by type and action" }).waitFor();
    await page.getByRole("listitem").filter({ hasText: "Status" }).first().waitFor();
    expect(await seriousFaults(page)).toEqual([]);

    const hub = await page.request.get("/api/inventory/locations");
    expect(((await hub.json()) as { total: number }).total).toBe(0);
  });

  test("a count leads to its rows, and a row unfolds to its values", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    const counts = page.getByRole("table", { name: "Changes by type and action" });
    await counts
      .getByRole("row", { name: /^Locations/ })
      .getByRole("link")
      .first()
      .click();
    await page.waitForURL(/model=location&action=create|action=create&model=location/);
    const row = page.locator("[data-index='0'] button").first();
    await row.click();
    await page.getByRole("columnheader", { name: "Added" }).waitFor();
    expect(await row.getAttribute("aria-expanded")).toBe("true");
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("the list of changes is walked with the keyboard", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await page.locator("[data-index='0'] button").first().focus();
    await page.keyboard.press("j");
    await page.locator("[data-index='1'] button:focus").waitFor();
    await page.keyboard.press("k");
    await page.locator("[data-index='0'] button:focus").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("Berlin");
    await page.waitForURL(/q=Berlin/);
    await page.getByRole("listitem").filter({ hasText: "Berlin" }).first().waitFor();
  });

  test("Apply says what it will do and does it", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await page
      .getByRole("button", { name: /^Apply \d+/ })
      .first()
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("objects to create").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole("button", { name: /^Apply \d+ changes/ }).click();
    await page.getByText("Applied", { exact: true }).waitFor({ timeout: 40_000 });

    await page.goto("/inventory/locations/");
    await page.getByRole("link", { name: "Berlin", exact: true }).first().click();
    await page.getByRole("heading", { name: "Berlin", exact: true }).waitFor();
    await page.getByText("by admin").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("its plan is made again from the record, as a dry run", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await page.goto("/plugins/ssot/history/");
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByRole("button", { name: "Plan again" }).click();
    await page.waitForURL("**/extras/job-results/**");
    await page.getByText("Dry run", { exact: true }).first().waitFor();
    await page.getByText("In agreement").first().waitFor({ timeout: 40_000 });
  });

  test("a second run finds nothing to do", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await runExampleSource(false);
    await page.getByText("In agreement").first().waitFor({ timeout: 40_000 });
    await page.getByRole("button", { name: "SSoT Sync Details" }).click();
    await page.getByText("Both sides agree").waitFor();
  });
});

test("a token that only reads is made on its page, and says so", async (t) => {
  if (!browser || !server) return t.skip("no Chromium on this machine");
  await page.goto("/user/api-tokens/");
  await page.getByRole("textbox", { name: "Name" }).fill("reports");
  await page.getByRole("combobox", { name: "May" }).click();
  await page.getByRole("option", { name: "only read" }).click();
  await page.getByRole("button", { name: "Make a token" }).click();
  const key = await page.getByRole("status").locator("code").textContent();
  await page.getByRole("row", { name: /reports.*only read/ }).waitFor();
  const headers = { authorization: `Token ${key ?? ""}`, "content-type": "application/json" };
  const ask = async (method: string) => {
    const url = new URL("/api/extras/tags/", page.url());
    return (await fetch(url, { method, headers, body: method === "GET" ? null : "{}" })).status;
  };
  expect([await ask("GET"), await ask("POST")]).toEqual([200, 403]);
});

describe("every page", () => {
  const paths = [
    "/plugins/ssot/",
    "/plugins/ssot/history/",
    "/plugins/ssot/logs/",
    "/plugins/ssot/jobs/example-data-source/",
    "/extras/job-results/",
    "/inventory/ip_addresses/",
    "/inventory/tags/",
    "/user/api-tokens/",
  ];

  for (const scheme of ["light", "dark"] as const) {
    test(`has no serious fault of access in ${scheme} colours`, async (t) => {
      if (!browser) return t.skip("no Chromium on this machine");
      await page.emulateMedia({ colorScheme: scheme });
      const found: Record<string, string[]> = {};
      for (const path of paths) {
        await page.goto(path);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
        const serious = await seriousFaults(page);
        if (serious.length > 0) found[path] = serious;
      }
      expect(found).toEqual({});
    });
  }

  test("fits a screen of 390 pixels", async (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    await page.setViewportSize({ width: 390, height: 844 });
    const tooWide: string[] = [];
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
      const excess = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      if (Number(excess) > 0) tooWide.push(path);
    }
    expect(tooWide).toEqual([]);
    await page.getByRole("button", { name: "Open the menu" }).click();
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("heading", { name: "Sync history" }).waitFor();
  });

  test("raised no error in the browser", (t) => {
    if (!browser) return t.skip("no Chromium on this machine");
    expect(faults).toEqual([]);
  });
});
