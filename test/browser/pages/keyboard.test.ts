import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { faultsInEveryLook } from "../access.ts";
import { signedIn } from "../signed-in.ts";

let page: Page;

signedIn((opened) => {
  page = opened.page;
});

const press = (key: string) => page.keyboard.press(key);

/** What has the focus, as a person would name it, and whether it can be seen to have it. */
async function focused(): Promise<{ text: string; isVisible: boolean }> {
  return page.evaluate(`(() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const text = element.getAttribute("aria-label")
      ?? (element.labels?.[0] ?? element).textContent ?? "";
    return {
      text: text.trim(),
      isVisible: style.outlineStyle !== "none" && style.outlineWidth !== "0px"
        && box.bottom > 0 && box.top < innerHeight,
    };
  })()`);
}

/** Presses Tab until what is meant has the focus, as often as anyone would. */
async function tabTo(name: RegExp, most = 12): Promise<void> {
  const passed: string[] = [];
  for (let count = 0; count < most; count += 1) {
    await press("Tab");
    const { text } = await focused();
    passed.push(text);
    if (!name.test(text)) continue;
    const isVisible = async () => (await focused()).isVisible;
    await expect.poll(isVisible, { message: `the focus on ${text} is seen` }).toBe(true);
    return;
  }
  throw new Error(
    `${String(most)} times Tab do not lead to ${String(name)}: ${passed.join(" · ")}`,
  );
}

test("the keyboard alone leads from the dashboard to a plan that is applied in part", async () => {
  const faults: Record<string, string[]> = {};
  const audit = async (place: string) => {
    const found = await faultsInEveryLook(page);
    if (found.length > 0) faults[place] = found;
  };
  await page.reload();
  await page.getByRole("link", { name: "Sync Example Data Source" }).waitFor();
  await audit("dashboard");

  await tabTo(/^Skip to the page$/, 1);
  await press("Enter");
  await tabTo(/^Sync Example Data Source$/);
  await press("Enter");

  await page.getByRole("button", { name: "Run Job (dry run)" }).waitFor();
  await audit("sync form");
  await tabTo(/^Run Job \(dry run\)$/, 16);
  await press("Enter");

  await page.getByText("Differences found", { exact: true }).waitFor({ timeout: 40_000 });
  await audit("job result");
  await tabTo(/^SSoT Sync Details$/);
  await press("Enter");

  const line = page.locator("[data-position] button:focus");
  await page.locator("[data-index='2'] [data-position]").waitFor();
  await press("/");
  await page.keyboard.type("198.51.100.1");
  await page.waitForURL(/q=198/);
  await page.getByText(/^4 changes$/).waitFor();
  await press("Escape");
  await press("j");
  await line.waitFor();
  await press("j");
  await press("Enter");
  await page.locator("[data-index='1'] button[aria-expanded='true']").waitFor();
  await audit("record under review");
  await press("r");
  await page
    .getByRole("status")
    .getByText(/^1 change rejected/)
    .waitFor();
  expect(await line.count()).toBe(1);
  await press("k");
  await press("x");
  await press("r");
  const bar = page.getByRole("group", { name: "Review" });
  await bar.getByText(/^2 rejected$/).waitFor();

  await tabTo(/^Apply \d+ of \d+$/, 20);
  await press("Enter");
  await page.getByRole("dialog").getByText("2 changes were rejected").waitFor();
  await audit("what Apply will do");
  await press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(async () => (await focused()).text).toMatch(/^Apply/);
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await expect.poll(async () => (await focused()).text).toMatch(/^Apply \d+ changes$/);
  await press("Enter");

  await page.waitForURL("**/extras/job-results/*/");
  await page.getByText("Applied", { exact: true }).waitFor({ timeout: 40_000 });
  await tabTo(/^SSoT Sync Details$/);
  await press("Enter");
  const counts = page.getByRole("table", { name: "Changes by type and action" });
  await counts.getByRole("link", { name: "2", exact: true }).first().waitFor();
  await audit("applied record");
  const id = /history\/([^/]+)/.exec(page.url())?.[1] ?? "";
  const answer = await page.request.get(`/api/ssot/syncs/${id}`);
  const sync = (await answer.json()) as { counts: Record<string, number> };
  const { create = 0, applied, rejected } = sync.counts;
  expect({ applied, rejected }).toEqual({ applied: create - 2, rejected: 2 });
  expect(faults).toEqual({});
});
