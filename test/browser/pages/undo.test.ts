import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { seriousFaults } from "../access.ts";
import { runJob } from "../run-job.ts";
import { signedIn } from "../signed-in.ts";

let page: Page;

signedIn((opened) => {
  page = opened.page;
});

const countTenants = async (): Promise<number> =>
  ((await (await page.request.get("/api/tenancy/tenants/")).json()) as { count: number }).count;

test("a sync is undone from its record: the way back is looked at there, and applied", async () => {
  const syncId = await runJob(page, "example-data-source", { isDryRun: false });
  expect(await countTenants()).toBeGreaterThan(0);

  await page.goto(`/plugins/ssot/history/${syncId}/`);
  await page.getByRole("button", { name: "Undo" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Nothing is written until then.").waitFor();
  await dialog.getByRole("button", { name: "Undo" }).click();
  await page.waitForURL("**/extras/job-results/*/");
  await page.getByText("Find the way back").waitFor();
  await page
    .getByText(/to delete/)
    .first()
    .waitFor({ timeout: 30_000 });
  expect(await countTenants()).toBeGreaterThan(0);

  await page.getByRole("button", { name: "SSoT Sync Details" }).click();
  await page.getByRole("link", { name: "Takes back another sync" }).waitFor();
  await page.getByText("undo", { exact: true }).first().waitFor();
  await page
    .getByRole("button", { name: /^Apply/ })
    .first()
    .click();
  await dialog.getByRole("button", { name: /^Apply/ }).click();
  await page.waitForURL("**/extras/job-results/*/");
  await expect.poll(countTenants, { timeout: 30_000 }).toBe(0);

  await page.goto("/plugins/ssot/history/");
  await page.getByRole("table").getByText("undo, applied").waitFor();
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "as CSV" }).waitFor();
  expect(await seriousFaults(page, "[role=menu]")).toEqual([]);
  await page.keyboard.press("Escape");
});

test("who leaves a record and comes back finds the tree of its diff as it was", async () => {
  const syncId = await runJob(page, "example-data-source", { isDryRun: true });
  await page.goto(`/plugins/ssot/history/${syncId}/`);
  await page.getByRole("button", { name: "Open Locations" }).click();
  await page.getByRole("button", { name: "Close Locations" }).waitFor();
  await page.getByRole("link", { name: "History" }).first().click();
  await page.getByRole("heading", { name: "Sync history" }).waitFor();

  await page.goBack();

  await page.getByRole("button", { name: "Close Locations" }).waitFor();
});

test("the data mappings of a job lead to the lists of the hub", async () => {
  await page.goto("/plugins/ssot/jobs/example-data-source/");
  const mappings = page.getByRole("table").filter({ hasText: "location_types" });
  await mappings.getByRole("link", { name: "Locations", exact: true }).click();
  await page.waitForURL("**/inventory/locations/");
  await page.getByRole("heading", { name: "Locations", level: 1 }).waitFor();
  // Of a target the hub is on the left, where its data comes from.
  await page.goto("/plugins/ssot/jobs/example-data-target/");
  const files = page.getByRole("row").filter({ hasText: "locations.yaml" });
  await files.getByRole("cell").first().getByRole("link", { name: "Locations" }).waitFor();
});
