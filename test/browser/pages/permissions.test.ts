// What the pages offer to people who may do some things only.
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { faultsInEveryLook } from "../access.ts";
import { openAs, type Permission } from "../people.ts";
import { runJob } from "../run-job.ts";
import { signedIn } from "../signed-in.ts";

let administrator: Page;
/** A dry run whose plan could be applied. */
let syncId = "";

signedIn(
  async (opened) => {
    administrator = opened.page;
    const run = (isDryRun: boolean, site: string) =>
      runJob(administrator, "survey", { isDryRun, variables: { site } });
    await run(false, "Red");
    await run(false, "Blue");
    syncId = await run(true, "Green");
  },
  { jobsFolder: fileURLToPath(new URL("../jobs/", import.meta.url)) },
);

const runTypes = ["extras.job", "extras.jobresult", "nautobot_ssot.sync"];

/** Tests of what one person sees, in a browser of theirs. */
function describePerson(
  what: string,
  name: string,
  permissions: readonly Permission[],
  tests: (page: () => Page) => void,
): void {
  describe(what, () => {
    let page: Page;
    beforeAll(async () => {
      // Without a Chromium there is nobody who could look.
      if (administrator as Page | undefined) page = await openAs(administrator, name, permissions);
    });
    tests(() => page);
  });
}

const menu = (page: Page) => page.getByRole("navigation", { name: "Main" });
const links = async (page: Page): Promise<string[]> =>
  (await menu(page).getByRole("link").allTextContents()).map((text) => text.trim());
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const rows = async (page: Page, table: string): Promise<string[]> => {
  const cells = page.getByRole("table", { name: table }).locator("tbody tr td:first-child");
  await cells.first().waitFor();
  return cells.allTextContents();
};
/** What can be pressed on the page itself, by its words; not what a list is sorted by, and no link in a text. */
const actions = async (page: Page): Promise<string[]> => {
  const pressed = page.getByRole("main").locator(":is(button, a[class*=Button-root]):not(th *)");
  const texts = await pressed.allInnerTexts();
  return texts.filter((text) => text !== "");
};
/** What the command palette finds. */
const found = async (page: Page, text: string, last: string): Promise<string[]> => {
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Search and commands" });
  await dialog.getByRole("textbox").fill(text);
  await dialog.getByText(last).first().waitFor();
  const labels = await dialog.locator("button").allInnerTexts();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  return labels.map((label) => label.replaceAll(/\s*\n\s*/g, ", "));
};

describePerson(
  "who may view tenants, and nothing else",
  "reader",
  [{ types: ["tenancy.tenant"], actions: ["view"] }],
  (page) => {
    test("is told on the dashboard what they may see, and the menu has nothing else", async () => {
      await page().getByText("Jobs and their newest syncs are shown here").waitFor();
      const main = page().getByRole("main");
      await main.getByRole("link", { name: "Tenants" }).waitFor();
      expect(await main.getByRole("link").allTextContents()).toEqual(["Tenants"]);
      expect(await links(page())).toEqual(["Dashboard", "Tenants"]);
      expect(await page().getByRole("alert").count()).toBe(0);
      expect(await faultsInEveryLook(page())).toEqual([]);
    });

    test("sees the list and an object without what would change them", async () => {
      await page().goto("/inventory/tenants/");
      expect(await rows(page(), "Tenants")).toEqual(["Blue 1", "Blue 2", "Red 1", "Red 2"]);
      expect(await actions(page())).toEqual(["Export", "Filters", "Columns"]);
      expect(await page().getByRole("checkbox").count()).toBe(0);
      await page().getByRole("link", { name: "Red 1" }).click();
      await heading(page(), "Red 1");
      await page().getByText("Referred to by").waitFor();
      expect(await actions(page())).toEqual([]);
      for (const panel of ["Notes", "Changes"]) {
        expect(await page().getByRole("heading", { name: panel }).count()).toBe(0);
      }
      expect(await faultsInEveryLook(page())).toEqual([]);
    });

    test("is told which permission a page needs that they came to by its address", async () => {
      const needs: Record<string, readonly [heading: string | RegExp, permission: string]> = {
        "/inventory/tenants/new/": ["New Tenant", "add tenancy.tenant"],
        "/inventory/tenants/import/": ["Import Tenants", "add tenancy.tenant"],
        "/inventory/devices/": ["Devices", "view dcim.device"],
        "/plugins/ssot/history/": ["Sync history", "view nautobot_ssot.sync"],
        [`/plugins/ssot/history/${syncId}/`]: ["Sync record", "view nautobot_ssot.sync"],
        "/plugins/ssot/logs/": ["Sync logs", "view nautobot_ssot.synclogentry"],
        "/plugins/ssot/jobs/survey/": ["Job", "view extras.job"],
        "/plugins/ssot/jobs/survey/run/": ["Run", "view extras.job"],
        "/extras/job-results/": ["Job results", "view extras.jobresult"],
      };
      for (const [path, [title, permission]] of Object.entries(needs)) {
        await page().goto(path);
        await heading(page(), title);
        await page()
          .getByText(`it needs a permission to ${permission}. An administrator`)
          .waitFor();
        expect(await page().getByRole("main").locator("button, [role=alert]").count()).toBe(0);
        expect(await menu(page()).isVisible()).toBe(true);
      }
      expect(await faultsInEveryLook(page())).toEqual([]);
    });

    test("is not asked for again and again what was refused", async () => {
      await page().goto("/extras/job-results/");
      await heading(page(), "Job results");
      let asked = 0;
      page().on("request", (request) => {
        if (request.url().includes("/api/ssot/")) asked += 1;
      });
      // Longer than the list waits before it is read anew.
      await page().waitForTimeout(5_000);
      expect(asked).toBe(0);
    });

    test("finds pages and objects in the palette that they may look at, and no commands", async () => {
      expect(await found(page(), "tenant", "Tenants")).toEqual(["Tenants"]);
      expect(await found(page(), "Red 1", "Red 1")).toEqual(["Red 1, Tenant"]);
      expect(await found(page(), "Survey", "Nothing is called that.")).toEqual([]);
    });
  },
);

describePerson(
  "who may change and delete some tenants",
  "red",
  [
    {
      ...{ types: ["tenancy.tenant"], actions: ["view"] },
      constraints: { name__in: ["Red 1", "Red 2", "Blue 1"] },
    },
    {
      ...{ types: ["tenancy.tenant"], actions: ["change", "delete"] },
      constraints: { name__startswith: "Red" },
    },
    { types: ["extras.note"], actions: ["view", "add"] },
  ],
  (page) => {
    test("sees those they may view in the list, its count and the search", async () => {
      await page().goto("/inventory/tenants/");
      expect(await rows(page(), "Tenants")).toHaveLength(3);
      expect(await found(page(), "Blue", "Blue 1")).toEqual(["Blue 1, Tenant"]);
      await page().goto("/inventory/tenants/?q=Blue 2");
      await page().getByText("Nothing matches these filters").waitFor();
    });

    test("is offered to change and delete those that they may, and no others", async () => {
      await page().goto("/inventory/tenants/?q=Blue");
      await page().getByRole("link", { name: "Blue 1" }).click();
      await heading(page(), "Blue 1");
      await page().getByRole("button", { name: "Add note" }).waitFor();
      expect(await actions(page())).toEqual(["Add note"]);
      await page().goto(`${page().url()}edit/`);
      await page().getByText("it needs a permission to change tenancy.tenant").waitFor();
      await page().goto("/inventory/tenants/?q=Red 1");
      await page().getByRole("link", { name: "Red 1" }).click();
      await heading(page(), "Red 1");
      expect(await actions(page())).toEqual(["Delete", "Edit", "Add note"]);
    });

    test("chooses rows of the list that they may do something with", async () => {
      await page().goto("/inventory/tenants/");
      await page().getByRole("checkbox", { name: "Choose every row of this page" }).check();
      const chosen = page().getByRole("region", { name: "Chosen rows" });
      await chosen.getByText("2 chosen").waitFor();
      expect(await chosen.getByRole("button").allTextContents()).toEqual([
        ...["Edit", "Delete", "Choose none"],
      ]);
      await chosen.getByRole("button", { name: "Delete" }).click();
      const dialog = page().getByRole("dialog");
      await dialog.getByLabel("Type 2 to delete them").fill("2");
      await dialog.getByRole("button", { name: "Delete 2 Tenants" }).click();
      await page().getByText("2 Tenants deleted.").waitFor();
      await page().getByRole("link", { name: "Red 1" }).waitFor({ state: "detached" });
      expect(await page().getByRole("checkbox").count()).toBe(0);
    });
  },
);

describePerson(
  "who may view jobs and syncs, and not run them",
  "auditor",
  [{ types: runTypes, actions: ["view"] }],
  (page) => {
    test("sees the dashboard, a job and a record without what would start anything", async () => {
      await page().goto("/plugins/ssot/");
      await page().getByRole("link", { name: "Survey", exact: true }).first().waitFor();
      expect(await actions(page())).toEqual([]);
      expect(await faultsInEveryLook(page())).toEqual([]);
      await page().goto("/plugins/ssot/jobs/survey/");
      await heading(page(), "Survey");
      await page().getByRole("table", { name: "Syncs of this job" }).waitFor();
      expect(await page().getByRole("link", { name: "Sync", exact: true }).count()).toBe(0);
      await page().goto("/plugins/ssot/jobs/survey/run/");
      await page().getByText("it needs a permission to run extras.job").waitFor();

      await page().goto(`/plugins/ssot/history/${syncId}/`);
      const diff = page().getByRole("region", { name: "Differences" });
      await diff.getByRole("button", { name: /Green 1/ }).click();
      await diff.getByText("Key", { exact: true }).waitFor();
      const buttons = await page().getByRole("main").getByRole("button").allInnerTexts();
      expect(buttons.join(" ")).not.toMatch(/Apply|Reject|Release|Plan again|Undo|Resume|Delete/);
      expect(await page().getByRole("checkbox").count()).toBe(0);
      expect(await page().getByRole("tab").allTextContents()).toEqual(["Data Sync", "Findings "]);
      expect(await faultsInEveryLook(page())).toEqual([]);
    });

    test("sees history and results without what deletes or repeats them, and the log not at all", async () => {
      await page().goto("/plugins/ssot/history/");
      expect(await rows(page(), "Syncs")).toHaveLength(3);
      expect(await page().getByRole("checkbox").count()).toBe(0);
      await page().goto("/extras/job-results/");
      await page().getByRole("table", { name: "Job results" }).getByRole("link").first().click();
      await page().getByRole("button", { name: "SSoT Sync Details" }).waitFor();
      expect(await actions(page())).toEqual(["SSoT Sync Details"]);
      await page().getByText("it needs a permission to view extras.joblogentry").waitFor();
    });
  },
);

describePerson("who may do nothing yet", "newcomer", [], (page) => {
  test("is told so", async () => {
    await page().getByText("You have no permission to view anything.").waitFor();
    expect(await links(page())).toEqual(["Dashboard"]);
    expect(await faultsInEveryLook(page())).toEqual([]);
  });
});
