import type { Page } from "playwright-core";
import { hubModels } from "@plumbline/models";
import { describe, expect, test } from "vitest";
import { faultsInEveryLook, faultsOfDialog } from "../access.ts";
import { runJob } from "../run-job.ts";
import { signedIn } from "../signed-in.ts";

let page: Page;

signedIn(async (opened) => {
  page = opened.page;
  await runJob(page, "example-data-source", { isDryRun: false });
  // What the sample estate has fewer than two of.
  const content_types = ["dcim.device"];
  await add("extras/custom-fields", { label: "Warranty", type: "date", content_types });
  await add("extras/custom-fields", { label: "Colour", type: "select", content_types });
  await add("extras/custom-field-choices", { custom_field: { key: "colour" }, value: "red" });
  await add("extras/custom-field-choices", { custom_field: { key: "colour" }, value: "blue" });
  await add("ipam/vrfs", { name: "Spare", namespace: { name: "Global" }, status: "Active" });
});

async function add(path: string, data: object): Promise<void> {
  const headers = { origin: new URL(page.url()).origin };
  const answer = await page.request.post(`/api/${path}/`, { data, headers });
  if (answer.status() !== 201) throw new Error(`${path}: ${await answer.text()}`);
}

/** Goes to a page without loading the application anew. */
async function open(path: string): Promise<void> {
  await page.evaluate(`history.pushState({}, "", ${JSON.stringify(path)})`);
  await page.waitForURL(`**${path}`);
}

/** Waits until the page stands as it will stay. */
async function isRead(heading: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
  await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
}

async function openDialog(button: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).first().click();
  await page.getByRole("dialog").getByRole("button").last().waitFor();
  await page.getByRole("dialog").getByRole("status").first().waitFor({ state: "detached" });
}

async function closeDialog(): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

interface Row {
  readonly id: string;
  readonly name: string;
}

describe("the pages of each model of the hub have no serious fault of access, in any size or colour", () => {
  for (const { model } of hubModels) {
    const { plural, label, pluralLabel } = model;
    test(pluralLabel, async () => {
      const faults: Record<string, string[]> = {};
      const keep = (place: string, found: string[]) => {
        if (found.length > 0) faults[place] = found;
      };
      const audit = async (place: string) => {
        keep(place, await faultsInEveryLook(page, "#content"));
      };
      const auditDialog = async (place: string, button: string) => {
        await openDialog(button);
        keep(place, await faultsOfDialog(page));
        await closeDialog();
      };
      const list = `/inventory/${plural}/`;
      const answer = await page.request.get(`/api${list.slice(0, -1)}?limit=2`);
      const { items } = (await answer.json()) as { items: Row[] };
      expect(items, `${pluralLabel} of the sample estate`).toHaveLength(2);

      await open(list);
      await isRead(pluralLabel);
      await page.getByRole("button", { name: "Filters", exact: true }).click();
      const choices = page.getByRole("checkbox", { name: /^Choose / });
      await choices.nth(1).check();
      await choices.nth(2).check();
      await audit("list");
      await auditDialog("change of several", "Edit");
      await auditDialog("delete of several", "Delete");
      if (await page.getByText("Tree", { exact: true }).isVisible()) {
        await open(`${list}?view=tree`);
        await page.getByRole("group", { name: `Tree of ${pluralLabel}` }).waitFor();
        await audit("tree");
      }

      const record = `${list}${items[0]?.id ?? ""}/`;
      await open(record);
      await isRead(/./);
      await audit("detail");
      await auditDialog("delete of one", "Delete");
      await open(`${record}edit/`);
      await isRead(/^Edit /);
      await audit("edit");
      await open(`${list}new/`);
      await isRead(`New ${label}`);
      await audit("create");
      await open(`${list}import/`);
      await isRead(`Import ${pluralLabel}`);
      await audit("import");
      expect(faults).toEqual({});
    });
  }
});
