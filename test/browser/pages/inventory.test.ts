import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { seriousFaults } from "../access.ts";
import { signedIn } from "../signed-in.ts";

let page: Page;
const faults: string[] = [];

signedIn((opened) => {
  page = opened.page;
  page.on("pageerror", (error) => faults.push(error.message));
});

const option = (name: string) => page.getByRole("option", { name, exact: true });
const chips = () => page.getByRole("group", { name: "Filters that are on" });

async function submit(name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

async function create(path: string, name: string): Promise<void> {
  await page.goto(`/inventory/${path}/new/`);
  await page.getByLabel("Name", { exact: false }).fill(name);
}

// One after the other, as a person would: what a test makes, the next ones use.
describe("an inventory that is filled by hand", () => {
  test("a form asks for what is required, before anything is sent", async () => {
    await page.goto("/inventory/tenants/");
    await page.getByRole("link", { name: "Add tenant" }).click();
    await submit("Create Tenant");
    await page.getByText("Is required").waitFor();
    expect(await page.locator("input:focus").getAttribute("data-path")).toBe("name");
  });

  test("what is created opens, with who created it", async () => {
    await page.getByLabel("Name").fill("Harbour");
    await page.getByLabel("Description").fill("Cranes and quays");
    await submit("Create Tenant");
    await page.getByRole("heading", { name: "Harbour", exact: true }).waitFor();
    await page.getByText("by admin").first().waitFor();
    await create("tenants", "Quarry");
    await submit("Create Tenant");
    await page.getByRole("heading", { name: "Quarry", exact: true }).waitFor();
  });

  test("what the server refuses stands at its field", async () => {
    await create("tenants", "Quarry");
    await submit("Create Tenant");
    await page.getByText("already exists").waitFor();
    expect(await page.getByLabel("Name").getAttribute("aria-invalid")).toBe("true");
  });

  test("a reference is chosen by what it is called", async () => {
    await create("namespaces", "Docks");
    await page.getByRole("combobox", { name: "Tenant" }).fill("Harb");
    await option("Harbour").click();
    await submit("Create Namespace");
    await page.getByRole("heading", { name: "Docks", exact: true }).waitFor();
    await page.getByRole("link", { name: "Harbour" }).click();
    await page.getByRole("heading", { name: "Harbour", exact: true }).waitFor();
  });

  test("a count of what refers to it leads to the filtered list, and a link saves the view", async () => {
    await page.getByRole("link", { name: /^Namespaces by tenant/ }).click();
    await page.waitForURL(/\/inventory\/namespaces\/\?tenant=/);
    await chips()
      .getByRole("button", { name: /Tenant: Harbour/ })
      .waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Location", exact: true }).click();
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByRole("link", { name: "Docks", exact: true }).waitFor();
    expect(page.url()).toMatch(/tenant=/);
    await chips().getByRole("button", { name: "Clear all" }).click();
    await page.getByRole("link", { name: "Docks", exact: true }).waitFor();
    expect(page.url()).not.toMatch(/tenant=/);
  });

  test("a filter by text finds what holds it", async () => {
    await page.goto("/inventory/tenants/");
    await page.getByRole("button", { name: "Filters", exact: true }).click();
    await page.getByRole("group", { name: "Filters by field" }).getByLabel("Name").fill("arr");
    await page.waitForURL(/name__ic=arr/);
    await page.getByText("1–1 of 1").waitFor();
    await page.getByRole("link", { name: "Quarry" }).waitFor();
  });

  test("a change is saved and stands in the history with both values", async () => {
    await page.getByRole("link", { name: "Quarry" }).click();
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Description").fill("Stone");
    await submit("Save");
    await page.getByRole("heading", { name: "Quarry", exact: true }).waitFor();
    await page.getByText("Values", { exact: true }).first().click();
    await page.getByRole("columnheader", { name: "Before" }).waitFor();
    await page.getByRole("cell", { name: "Stone" }).waitFor();
  });

  test("several rows get one value at once", async () => {
    await page.goto("/inventory/tenants/");
    await page.getByRole("checkbox", { name: "Choose every row of this page" }).check();
    const bar = page.getByRole("region", { name: "Chosen rows" });
    await bar.getByText("2 chosen").waitFor();
    await bar.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Fields to change").click();
    await option("Description").click();
    await page.keyboard.press("Escape");
    await dialog.getByLabel("Description", { exact: true }).fill("Both");
    await dialog.getByRole("button", { name: /^Change 2/ }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("cell", { name: "Both" }).count()).toBe(2);
  });

  test("a delete that is refused says what uses the object, with a link", async () => {
    await page.getByRole("link", { name: "Harbour" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("link", { name: /^Namespaces by tenant/ }).waitFor();
    await dialog.getByRole("button", { name: /^Delete/ }).click();
    await dialog.getByText(/still used by 1 Namespace/).waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  test("a tree unfolds level by level", async () => {
    await create("location_types", "Port");
    await submit("Create Location type");
    await page.getByRole("heading", { name: "Port", exact: true }).waitFor();
    await create("location_types", "Pier");
    await page.getByRole("combobox", { name: "Parent" }).fill("Por");
    await option("Port").click();
    await submit("Create Location type");
    await page.getByRole("heading", { name: "Pier", exact: true }).waitFor();
    await page.goto("/inventory/location_types/?view=tree");
    await page.getByRole("link", { name: "Port", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("link", { name: "Pier" }).waitFor();
    await page.keyboard.press("ArrowDown");
    expect(await page.locator(":focus").textContent()).toBe("Pier");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: "Open Port" }).waitFor();
  });

  test("an import shows what each row would do, then does exactly that", async () => {
    await page.goto("/inventory/tenants/");
    await page.getByRole("link", { name: "Import" }).click();
    const text = page.getByRole("textbox", { name: "Tenants as CSV" });
    await text.fill("name,tenant_group\nFerry,\nQuarry,Nobody\n");
    await page.getByRole("button", { name: "Show what it would do" }).click();
    const rows = page.getByRole("list", { name: "Rows of the text" });
    await rows.getByText(/the hub has no Tenant group Nobody/).waitFor();
    await page.getByRole("heading", { name: "It would do this: 1 to create, 1 refused" }).waitFor();
    await page.getByRole("button", { name: "Import 1 row, leave out the 1 refused" }).click();
    await page.getByRole("heading", { name: "Imported: 1 created, 1 left out" }).waitFor();
    await page.getByRole("link", { name: "All Tenants" }).click();
    await page.getByRole("link", { name: "Ferry" }).waitFor();
    await page.getByRole("button", { name: "Export" }).click();
    const href = await page.getByRole("menuitem", { name: "as YAML" }).getAttribute("href");
    const answer = await page.request.get(href ?? "");
    expect(await answer.text()).toContain("- name: Ferry\n");
    await page.keyboard.press("Escape");
  });

  test("a custom field that is defined stands in the forms, on the page and in the history", async () => {
    await page.goto("/inventory/custom_fields/new/");
    await page.getByLabel("Key", { exact: false }).fill("contract");
    await page.getByLabel("Label").fill("Contract no.");
    await page.getByRole("combobox", { name: "Type", exact: true }).click();
    await option("text").click();
    const models = page.getByRole("combobox", { name: "Content types" });
    await models.fill("tenancy.tenant");
    await models.press("Enter");
    await page.getByLabel("Grouping").fill("Commerce");
    await page.getByLabel("Pattern").fill("^K");
    await submit("Create Custom field");
    await page.getByRole("heading", { name: "contract", exact: true }).waitFor();

    await page.goto("/inventory/tenants/?name__ic=Harbour");
    await page.getByRole("link", { name: "Harbour" }).click();
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByRole("heading", { name: "Commerce" }).waitFor();
    const contract = page.getByLabel("Contract no.");
    await contract.fill("77");
    await submit("Save");
    await page.getByText("Value must match regex '^K'.", { exact: true }).waitFor();
    expect(await contract.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator("input:focus").getAttribute("data-path")).toBe("cf_contract");
    await contract.fill("K-77");
    await submit("Save");
    await page.getByText("K-77").first().waitFor();
    await page.getByText("Values", { exact: true }).first().click();
    await page.getByRole("cell", { name: "K-77" }).waitFor();
  });

  test("a note is written about an object", async () => {
    await page.getByRole("textbox", { name: "New note about Harbour" }).fill("Ask *twice*.");
    await page.getByRole("button", { name: "Add note" }).click();
    const emphasised = page.getByRole("emphasis").filter({ hasText: /^twice$/ });
    await emphasised.waitFor();
    await page.reload();
    await emphasised.waitFor();
  });

  test("a list is sorted by a custom field, which an import sets", async () => {
    await page.goto("/inventory/tenants/import/");
    await page.getByLabel(/^Tenants as/).fill("name,cf_contract\nFerry,K-1\nDocks,77\n");
    await submit("Show what it would do");
    const rows = page.getByRole("list", { name: "Rows of the text" });
    await rows.getByText("Contract no.: Value must match regex").waitFor();
    await submit(/^Import 1 row, leave out/);
    await page.getByRole("heading", { name: /^Imported: 1 changed/ }).waitFor();
    await page.goto("/inventory/tenants/?show=cf_contract");
    await page.getByRole("button", { name: "Contract no." }).click();
    await page.waitForURL(/sort=-?cf_contract/);
    await page.getByRole("button", { name: "Contract no." }).click();
    await page.waitForURL(/sort=cf_contract/);
    await expect
      .poll(() => page.locator("[data-label='Contract no.']").allTextContents())
      .toEqual(["K-1", "K-77", "—"]);
  });

  test("an address of Nautobot's leads to the page here, and one that no page has says so", async () => {
    await page.goto("/tenancy/tenants/?name=Quarry");
    await page.getByRole("heading", { level: 1, name: "Tenants", exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/inventory/tenants/");
    await page.getByRole("link", { name: "Quarry", exact: true }).waitFor();
    await page.goto("/dcim/devices/add/");
    await page.getByRole("heading", { level: 1, name: "New device" }).waitFor();
    await page.goto("/dcim/devices/00000000-0000-4000-8000-000000000000/changelog/");
    await page.waitForURL("**/inventory/devices/00000000-0000-4000-8000-000000000000/");
    await page.goto("/dcim/nowhere/");
    await page.getByRole("heading", { level: 1, name: "Page not found" }).waitFor();
    await page.getByText("There is no page at /dcim/nowhere/").waitFor();
    await page.getByRole("navigation", { name: "Breadcrumbs" }).waitFor({ state: "detached" });
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("a list that is still being counted shows its rows, then how many there are", async () => {
    const isList = (url: URL) => url.pathname === "/api/inventory/tenants";
    let release = (): void => undefined;
    const counted = new Promise<void>((resolve) => (release = resolve));
    // As the server answers where counting takes long.
    await page.route(isList, async (route) => {
      if (!route.request().url().includes("needsTotal=false")) {
        await counted;
        await route.continue();
        return;
      }
      // A connection that lay idle may be closed just then.
      const answer = await route.fetch({ maxRetries: 3 });
      const json = (await answer.json()) as { items: unknown[]; total: number };
      const items = json.items.slice(0, 1);
      await route.fulfill({ json: { ...json, items, total: 1, isTotalExact: false } });
    });
    await page.goto("/inventory/tenants/");
    const pages = page.getByRole("navigation", { name: "Pages" });
    await pages.getByText("1–1 of at least 1").waitFor();
    release();
    await pages.getByText(/^1–[2-9]\d* of \d+$/).waitFor();
    await page.unroute(isList);
  });

  test("the command palette finds an object and goes there", async () => {
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Find an object").fill("dock");
    await page.getByRole("dialog").getByText("Docks").click();
    await page.getByRole("heading", { name: "Docks", exact: true }).waitFor();
  });
});

describe("the pages of the inventory", () => {
  const paths = [
    "/inventory/tenants/",
    "/inventory/tenants/new/",
    "/inventory/tenants/import/",
    "/inventory/location_types/?view=tree",
  ];
  for (const width of [1440, 390]) {
    for (const scheme of ["light", "dark"] as const) {
      test(`have no serious fault of access at ${width} pixels in ${scheme} colours, and fit`, async () => {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: scheme });
        const found: Record<string, unknown> = {};
        for (const path of paths) {
          await page.goto(path);
          await page.getByRole("heading", { level: 1 }).waitFor();
          await page
            .getByRole("status", { name: "Loading" })
            .first()
            .waitFor({ state: "detached" });
          const filters = page.getByRole("button", { name: "Filters", exact: true });
          if (await filters.isVisible()) await filters.click();
          const serious = await seriousFaults(page);
          const excess = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
          if (serious.length > 0 || Number(excess) > 0) {
            found[path] = { excess, serious };
          }
        }
        expect(found).toEqual({});
      });
    }
  }

  test("raised no error in the browser", () => {
    expect(faults).toEqual([]);
  });
});
