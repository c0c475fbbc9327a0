// What the counts of a record and of the history lead to, and what both lists are narrowed by.
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { faultsInEveryLook } from "../access.ts";
import { runJob } from "../run-job.ts";
import { signedIn } from "../signed-in.ts";

let page: Page;
/** A dry run of three updates and a create, applied after somebody edited the first and made the last. */
let syncId = "";

signedIn(
  async (opened) => {
    ({ page } = opened);
    const variables = { site: "Pier", limit: 3 };
    await runJob(page, "survey", { isDryRun: false, variables });
    syncId = await runJob(page, "survey", {
      isDryRun: true,
      variables: { ...variables, limit: 4, isThorough: true },
    });
    const tenants = "/api/tenancy/tenants/";
    const found = await page.request.get(`${tenants}?name=Pier%201`);
    const [first] = ((await found.json()) as { results: { id: string }[] }).results;
    await send("PATCH", `${tenants}${first?.id ?? ""}/`, { comments: "By hand." });
    await send("POST", tenants, { name: "Pier 4" });
    const planned = await page.request.get(`/api/ssot/syncs/${syncId}`);
    const { planDigest, decisionsRevision } = (await planned.json()) as Record<string, unknown>;
    await send("POST", `/api/ssot/syncs/${syncId}/apply`, { planDigest, decisionsRevision });
    await vi.waitFor(
      async () => {
        const answer = await page.request.get(`/api/ssot/syncs/${syncId}`);
        expect(await answer.json()).toMatchObject({ status: "stale" });
      },
      { timeout: 60_000, interval: 300 },
    );
  },
  { jobsFolder: fileURLToPath(new URL("../jobs/", import.meta.url)) },
);

async function send(method: string, path: string, data: object): Promise<void> {
  const headers = { origin: new URL(page.url()).origin };
  const answer = await page.request.fetch(path, { method, data, headers });
  if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
}

const record = () => `/plugins/ssot/history/${syncId}/`;
const objects = async (): Promise<string[]> => {
  const log = page.getByRole("table", { name: "Sync log" });
  await log.locator("[data-label=Object] a").first().waitFor();
  return log.locator("[data-label=Object] > div > a").allTextContents();
};
const notWritten = (name: string) =>
  page.getByRole("table", { name }).locator("[data-label='Not written']");

test("counts of the record and of the history say apart what failed and what was not written, and lead to the log of it", async () => {
  await page.goto(record());
  const inStatistics = notWritten("Changes by type and action");
  await inStatistics.first().waitFor();
  expect(await inStatistics.allTextContents()).toEqual(["2", "2"]);
  await inStatistics.first().getByRole("link").click();
  await page.waitForURL(/tab=sync-logs&model=tenant&outcome=skipped/);
  expect(await objects()).toEqual(["Pier 1", "Pier 4"]);
  expect(await page.getByRole("combobox", { name: "Any outcome" }).inputValue()).toBe(
    "Not written",
  );

  await page.goto("/plugins/ssot/history/");
  const inHistory = notWritten("Syncs");
  await inHistory.first().waitFor();
  expect(await inHistory.allTextContents()).toEqual(["2", "0"]);
  const failed = page.getByRole("table", { name: "Syncs" }).locator("[data-label=Failed]");
  expect(await failed.allTextContents()).toEqual(["0", "0"]);
  await inHistory.getByRole("link").click();
  await page.waitForURL(/tab=sync-logs&outcome=skipped/);
  expect(await objects()).toEqual(["Pier 1", "Pier 4"]);
});

test("a row of the log leads to its change, and to its object in the hub and in the other system", async () => {
  await page.goto(`${record()}?tab=sync-logs&q=Pier 1`);
  expect(await objects()).toEqual(["Pier 1"]);
  const there = page.getByRole("link", { name: "Pier 1 in Survey" });
  expect(await there.getAttribute("href")).toBe("https://survey.example/finds/Pier%201");
  await page.getByRole("link", { name: "Pier 1 in the hub" }).click();
  await page.getByRole("heading", { name: "Pier 1", level: 1 }).waitFor();
});

test("the history is narrowed to the sync of a job result, and keeps to it in the address", async () => {
  const syncs = () =>
    page.getByRole("table", { name: "Syncs" }).locator("tbody [data-label=Status]");
  await page.goto("/plugins/ssot/history/");
  await page.getByRole("combobox", { name: "Any job result" }).click();
  await page.getByRole("option", { name: /^Survey, apply of a record, / }).click();
  await page.waitForURL(/jobResultId=/);
  await page.getByText("1–1 of 1").waitFor();
  expect(await syncs().allTextContents()).toEqual(["Staledry run"]);
  await page.reload();
  await page.getByText("1–1 of 1").waitFor();
  const chosen = page.getByRole("combobox", { name: "Any job result" });
  await vi.waitFor(async () => {
    expect(await chosen.inputValue()).toMatch(/^Survey, apply of a record, /);
  });
  // People edit addresses.
  await page.goto("/plugins/ssot/history/?jobResultId=nothing");
  await page.getByText("1–2 of 2").waitFor();
});

test("the history and the logs are searched by values that differ, and the logs narrowed to one sync", async () => {
  await page.goto("/plugins/ssot/history/?q=at TWICE");
  await page.getByText("1–1 of 1").waitFor();
  await page.goto("/plugins/ssot/logs/");
  await page.getByLabel("Search objects and texts").fill("at twice");
  await page.getByText("1–4 of 4").waitFor();
  expect(new Set(await objects())).toEqual(new Set(["Pier 1", "Pier 2", "Pier 3", "Pier 4"]));
  await page.getByRole("combobox", { name: "Any sync" }).click();
  await page
    .getByRole("option", { name: /^Survey → Plumbline, / })
    .last()
    .click();
  await page.waitForURL(/syncId=/);
  await page.getByText("No entry matches these filters").waitFor();
});

test("both lists have no serious fault of access, narrow and wide, light and dark", async () => {
  await page.goto("/plugins/ssot/logs/");
  await objects();
  expect(await faultsInEveryLook(page)).toEqual([]);
  await page.goto("/plugins/ssot/history/");
  await notWritten("Syncs").first().waitFor();
  expect(await faultsInEveryLook(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 900 });
  const width = await page.evaluate<number>("document.documentElement.scrollWidth");
  expect(width).toBe(390);
  await page.setViewportSize({ width: 1440, height: 900 });
});
