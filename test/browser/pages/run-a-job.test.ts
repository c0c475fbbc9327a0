import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { faultsInEveryLook } from "../access.ts";
import { runJob } from "../run-job.ts";
import type { TestServer } from "../server.ts";
import { signedIn } from "../signed-in.ts";

let page: Page;
let server: TestServer;

signedIn(
  (opened) => {
    ({ page, server } = opened);
  },
  { jobsFolder: fileURLToPath(new URL("../jobs/", import.meta.url)) },
);

/** Nothing on a comparison's page speaks of writing, or of a dry run. */
async function noWordOfWriting(page: Page): Promise<void> {
  const text = await page.getByRole("main").innerText();
  expect(text.match(/[Dd]ry run|\b(?:create|update|delete)d?\b|applied|planned/g)).toBeNull();
}

const form = "/plugins/ssot/jobs/survey/run/";
const run = () => page.getByRole("button", { name: "Run Job (dry run)" }).click();

async function startSlowRun(seconds: number): Promise<void> {
  await page.goto(form);
  await page.getByLabel("Site").fill("Slow");
  await page.getByLabel("Pause").fill(String(seconds));
  await run();
  await page.waitForURL("**/extras/job-results/*/");
  await page.getByText("The run is under way.").waitFor({ timeout: 20_000 });
}

describe("the sync form of a job with inputs", () => {
  test("shows the declared defaults", async () => {
    await page.goto(form);
    expect(await page.getByLabel("Site").inputValue()).toBe("");
    expect(await page.getByLabel("Limit").inputValue()).toBe("2");
    expect(await page.getByLabel("Thorough").isChecked()).toBe(false);
    expect(await page.getByRole("combobox", { name: "Season" }).inputValue()).toBe("spring");
    await page.getByText("Where to look").waitFor();
  });

  test("asks for what is required before it sends anything", async () => {
    await run();
    await page.getByText("Is required").waitFor();
    expect(await page.getByLabel("Site").getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator("input:focus").getAttribute("data-path")).toBe("variables.0");
    expect(new URL(page.url()).pathname).toBe(form);
  });

  test("shows what the server refuses at the field it is about", async () => {
    await page.getByLabel("Site").fill("Harbour");
    await page.getByLabel("Limit").fill("99999999999999999999");
    await run();
    await page.getByText(/^Expects a whole number, got/).waitFor();
    expect(await page.getByLabel("Limit").getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByLabel("Site").getAttribute("aria-invalid")).not.toBe("true");
  });

  test("runs with the values it was given, and offers them again", async () => {
    await page.getByLabel("Limit").fill("3");
    await page.getByLabel("Thorough").check();
    await page.getByRole("combobox", { name: "Season" }).click();
    await page.getByRole("option", { name: "autumn" }).click();
    await run();
    await page
      .getByText("3 to create, 0 to update, 0 to delete", { exact: true })
      .waitFor({ timeout: 40_000 });
    await page.getByRole("button", { name: "SSoT Sync Details" }).click();
    await page.getByRole("listitem").filter({ hasText: "Harbour 3" }).first().waitFor();

    await page.goto(form);
    expect(await page.getByLabel("Site").inputValue()).toBe("Harbour");
    expect(await page.getByLabel("Limit").inputValue()).toBe("3");
    expect(await page.getByLabel("Thorough").isChecked()).toBe(true);
    expect(await page.getByRole("combobox", { name: "Season" }).inputValue()).toBe("autumn");
  });
});

describe("the record of a run with more than two hundred updates", () => {
  let record: string;
  const tree = () => page.getByRole("navigation", { name: "Changes by type and parent" });

  test("filters by the fields that changed", async () => {
    const site = { site: "Quay", limit: 205 };
    await runJob(page, "survey", { isDryRun: false, variables: site });
    const variables = { ...site, isThorough: true };
    record = `/plugins/ssot/history/${await runJob(page, "survey", { isDryRun: true, variables })}/`;
    await page.goto(record);
    await tree().getByRole("button", { name: "Tenants", exact: false }).last().click();
    const chips = page.getByRole("group", { name: "Changed field" });
    await chips.getByRole("button", { name: "Description 205" }).click();
    await page.waitForURL(/field=description/);
    await page.getByText("205 changes", { exact: true }).waitFor();
  });

  test("its tree reads on where a level is long, and a leaf selects its object alone", async () => {
    await tree()
      .getByRole("button", { name: /^update Quay 1$/ })
      .waitFor();
    const scroll = (top: number) =>
      page.evaluate(`document.querySelector("#diff nav [role=presentation]").scrollTo(0, ${top})`);
    await scroll(100_000);
    await tree().getByRole("button", { name: "update Quay 99" }).waitFor();
    expect(await tree().getByRole("listitem").count()).toBeLessThan(80);
    await scroll(0);
    await tree()
      .getByRole("button", { name: /^update Quay 1$/ })
      .click();
    await page.getByText("1 change", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Leave Quay 1", exact: true }).click();
    await page.getByText("205 changes", { exact: true }).waitFor();
  });

  test("an opened change shows what it leaves as it is, and long values folded", async () => {
    await page.goto(`${record}?q=Quay 202`);
    await page.locator("[data-position] button[aria-expanded]").click();
    const last = page.getByText(/all is well$/);
    await page.getByText(/all is well, .* …/).waitFor();
    expect(await last.count()).toBe(0);
    await page.getByRole("button", { name: "Show all 249 characters" }).click();
    await last.waitFor();

    await page.getByRole("button", { name: /^Show the \d+ other fields$/ }).click();
    const others = page.getByRole("table", { name: "Not changed; as the hub has it now" });
    await others.getByRole("row", { name: "Name Quay 202" }).waitFor();
    expect(await others.getByRole("row", { name: /^Description/ }).count()).toBe(0);
  });

  test("its tree has what the filters leave", async () => {
    await page.goto(`${record}?q=Quay 20`);
    await tree().getByRole("button", { name: "Open Tenants" }).click();
    await tree().getByRole("button", { name: "update Quay 205" }).waitFor();
    // The model, Quay 20 and Quay 200 to 205.
    expect(await tree().getByRole("listitem").count()).toBe(8);
    await page.getByLabel("Search the changes").fill("Quay 203");
    await tree().getByRole("button", { name: "update Quay 205" }).waitFor({ state: "detached" });
    await tree().getByRole("button", { name: "update Quay 203" }).waitFor();
    expect(await tree().getByRole("listitem").count()).toBe(2);
  });

  test("an opened change leads to its object on both sides, and the object's page to the system", async () => {
    await page.goto(`${record}?q=Quay 201`);
    await page.locator("[data-position] button[aria-expanded]").click();
    const there = page.getByRole("link", { name: "Open in Survey" });
    const facts = async () => [await there.getAttribute("href"), await there.getAttribute("rel")];
    expect(await facts()).toEqual(["https://survey.example/finds/Quay%20201", "noreferrer"]);

    await page.getByRole("link", { name: "Open the object" }).click();
    await page.getByRole("heading", { name: "Quay 201", level: 1 }).waitFor();
    expect(await facts()).toEqual(["https://survey.example/finds/Quay%20201", "noreferrer"]);
  });
});

describe("a list", () => {
  test("keeps its order and the columns that are shown in the address", async () => {
    await page.goto("/plugins/ssot/history/");
    await page.getByRole("button", { name: "Duration" }).click();
    await page.waitForURL(/sort=-durationMs/);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Held" }).click();
    await page.waitForURL(/hide=held/);
    await page.reload();
    const duration = page.getByRole("columnheader", { name: "Duration" });
    await duration.waitFor();
    expect(await duration.getAttribute("aria-sort")).toBe("descending");
    expect(await page.getByRole("columnheader", { name: "Held" }).count()).toBe(0);
  });

  test("is read page by page", async () => {
    await page.goto("/inventory/tenants/");
    await page.getByText("1–50 of 205").waitFor();
    await page.getByRole("button", { name: "Next page" }).click();
    await page.waitForURL(/page=2/);
    await page.getByText("51–100 of 205").waitFor();
  });
});

describe("the history", () => {
  test("has counts that lead to their rows", async () => {
    await page.goto("/plugins/ssot/history/");
    await page.getByRole("link", { name: "205", exact: true }).first().click();
    await page.waitForURL(/history\/[^/]+\/\?action=update/);
    await page.getByText("205 changes", { exact: true }).waitFor();
  });

  test("lets go of records, several once their number was typed", async () => {
    const count = async () => {
      const answer = await page.request.get("/api/ssot/syncs?limit=1");
      return ((await answer.json()) as { total: number }).total;
    };
    const before = await count();
    await page.goto("/plugins/ssot/history/");
    await page
      .getByLabel(/^Choose Survey/)
      .nth(0)
      .check();
    await page
      .getByLabel(/^Choose Survey/)
      .nth(1)
      .check();
    await page.getByRole("button", { name: "Delete…" }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Delete 2 sync records" });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel("Type 2 to delete them").fill("2");
    await confirm.click();
    await dialog.waitFor({ state: "detached" });
    expect(await count()).toBe(before - 2);

    await page.getByRole("table", { name: "Syncs" }).getByRole("link").first().click();
    await page.getByRole("button", { name: "Delete…" }).click();
    await dialog.getByRole("button", { name: "Delete 1 sync record" }).click();
    await page.getByRole("heading", { name: "Sync history" }).waitFor();
    expect(await count()).toBe(before - 3);
  });
});

describe("the page of a run", () => {
  const interrupted = "The server does not answer; trying again.";

  test("says that its connection is cut, and catches up once it stands again", async () => {
    await page.route("**/events", (route) => route.abort());
    await startSlowRun(12);
    await page.getByText(interrupted).waitFor();
    await page.unroute("**/events");
    await page.getByText(interrupted).waitFor({ state: "detached", timeout: 20_000 });
    await page.getByText("Differences found", { exact: true }).waitFor({ timeout: 40_000 });
    await page.getByText(/^Run ended/).waitFor();
  });

  test("shows how a run ended that a restart of the server cut off", async () => {
    await startSlowRun(600);
    const restarted = server.restart();
    await page.getByText(interrupted).waitFor({ timeout: 30_000 });
    await restarted;
    await page.getByText(/^(Lost|Cancelled|Failed)$/).waitFor({ timeout: 60_000 });
    await page.getByText(interrupted).waitFor({ state: "detached" });
  }, 150_000);
});

describe("a comparison", () => {
  test("has its place on the dashboard, and shows how two systems differ with nothing to apply", async () => {
    await page.goto("/plugins/ssot/");
    await page.getByRole("heading", { name: "Comparisons" }).waitFor();
    await page.getByRole("link", { name: "Compare Two lists" }).click();
    await page.getByRole("heading", { name: "Run Two lists" }).waitFor();
    expect(await page.getByRole("checkbox").count()).toBe(0);
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page
      .getByText("1 only in Left list, 1 differs, 2 only in Right list", { exact: true })
      .waitFor({ timeout: 40_000 });
    await page.getByRole("button", { name: "Compare again" }).waitFor();
    await noWordOfWriting(page);
    await page.getByRole("button", { name: "Comparison details" }).click();
    await page.getByRole("heading", { name: "Left list ↔ Right list" }).waitFor();
    await page.getByRole("listitem").filter({ hasText: "Umbrella" }).first().waitFor();
    expect(await page.getByRole("button", { name: /Apply|Reject|Release/ }).count()).toBe(0);
    await noWordOfWriting(page);
  });

  test("an object that differs shows a column for each side, and leads to it there", async () => {
    await page.getByRole("button", { name: "≠ differs" }).click();
    await page.locator("[data-position] button[aria-expanded]").click();
    const values = page.locator("[data-position] table");
    expect(await values.locator("thead th").allTextContents()).toEqual([
      "Field",
      "Left list",
      "Right list",
    ]);
    expect(await values.locator("tbody tr").allTextContents()).toEqual([
      "Descriptionas left knows itas right knows it",
    ]);
    for (const side of ["Left", "Right"]) {
      const link = page.getByRole("link", { name: `Open in ${side} list` });
      expect(await link.getAttribute("href")).toBe(`https://${side.toLowerCase()}.example/Hooli`);
    }
  });

  test("the logs of its job alone are shown in its words", async () => {
    await page.goto("/plugins/ssot/logs/");
    await page.getByRole("combobox", { name: "Any job" }).click();
    await page.getByRole("option", { name: "Two lists" }).click();
    await page.waitForURL(/jobId=two-lists/);
    const rows = page.getByRole("table", { name: "Sync log" }).getByRole("row");
    await rows.filter({ hasText: "Only in Right list" }).first().waitFor();
    const jobs = await rows.locator("[data-label=Sync]").allTextContents();
    expect(new Set(jobs)).toEqual(new Set(["Two lists"]));
    expect(await rows.filter({ hasText: /to be (created|updated|deleted)/i }).count()).toBe(0);
  });

  test("stands among the syncs of the history with what it counts, on a narrow screen too", async () => {
    await page.goto("/plugins/ssot/history/");
    const row = page
      .getByRole("table", { name: "Syncs" })
      .getByRole("row")
      .filter({ hasText: "Left list ↔ Right list" });
    const counts = row.locator("[data-label^='Only in'], [data-label='Differ']");
    await counts.first().waitFor();
    expect(await counts.allTextContents()).toEqual(["‹1", "≠1", "›2"]);
    await page.setViewportSize({ width: 390, height: 900 });
    await row.locator("[data-label='Only in Right list']").waitFor();
    expect(await row.locator("[data-label='Applied']").isVisible()).toBe(false);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("has pages without a serious fault of access, narrow and wide, light and dark", async () => {
    const found: Record<string, string[]> = {};
    const looked = async (place: string) => {
      await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
      const faults = await faultsInEveryLook(page);
      if (faults.length > 0) found[place] = faults;
    };
    await page.goto("/plugins/ssot/history/?direction=comparison");
    await page.getByRole("columnheader", { name: "Only in the first" }).waitFor();
    await looked("history");
    await page.getByRole("table", { name: "Syncs" }).getByRole("link").first().click();
    await page.locator("[data-position] button[aria-expanded]").first().click();
    await looked("record");
    await page.goto("/plugins/ssot/jobs/two-lists/");
    await page.getByRole("heading", { name: "Comparisons made" }).waitFor();
    await looked("job");
    expect(found).toEqual({});
  });
});

describe("what a guard holds", () => {
  test("is released from its row, says by whom, and is held again", async () => {
    const variables = { site: "Jetty", limit: 2 };
    await runJob(page, "survey", { isDryRun: false, variables });
    const shorter = { ...variables, limit: 1 };
    const syncId = await runJob(page, "survey", { isDryRun: true, variables: shorter });
    await page.goto(`/plugins/ssot/history/${syncId}/?q=Jetty 2`);
    const row = page.locator("[data-position]").filter({ hasText: "Jetty 2" });
    await row.locator("button[aria-expanded]").click();
    await row.getByRole("button", { name: "Release…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Release 1 change" }).click();
    await row.getByText(/^Released by /).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await row.getByRole("button", { name: "Hold again" }).click();
    await row.getByRole("button", { name: "Release…" }).waitFor();
    await page.getByText("1 change held again.").waitFor();
  });
});

describe("the findings of a run", () => {
  test("have a tab of their own, narrowed and exported as it stands", async () => {
    const syncId = await runJob(page, "survey", { isDryRun: true, variables: { site: "Echo" } });
    await page.goto(`/plugins/ssot/history/${syncId}/`);
    await page.getByRole("tab", { name: /^Findings \d+$/ }).click();
    await page.getByText("Echo 2").first().waitFor();
    await page.getByLabel("Search the findings").fill("Nowhere");
    await page.getByText("No finding matches").waitFor();
    await page.getByLabel("Search the findings").fill("Echo");
    await page.getByText("Echo 2").first().waitFor();
    await page.getByRole("tabpanel").getByRole("button", { name: "Export" }).click();
    const path = await page.getByRole("menuitem", { name: "as JSON" }).getAttribute("href");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    const answer = await page.request.get(path ?? "");
    const findings = (await answer.json()) as { kind: string; label: string }[];
    expect(findings.map(({ kind, label }) => [kind, label])).toEqual([["duplicate", "Echo 2"]]);
    expect(await faultsInEveryLook(page)).toEqual([]);
  });

  test("say so where there are none", async () => {
    const syncId = await runJob(page, "two-lists", { isDryRun: true });
    await page.goto(`/plugins/ssot/history/${syncId}/`);
    await page.getByRole("tab", { name: "Findings", exact: true }).click();
    await page.getByText("Every record that was read could be used").waitFor();
  });
});
