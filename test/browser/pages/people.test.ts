// The page on which a superuser lets others in.
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { faultsInEveryLook, faultsOfDialog } from "../access.ts";
import { signedIn } from "../signed-in.ts";

let page: Page;
signedIn(({ page: opened }) => {
  page = opened;
});
beforeAll(async () => {
  if (page as Page | undefined) await page.goto("/users/");
});

const dialog = () => page.getByRole("dialog");
const table = (name: string): Locator => page.getByRole("table", { name });
const row = (list: string, text: string) => table(list).getByRole("row", { name: text });
async function choose(label: string, option: string): Promise<void> {
  await dialog().getByRole("combobox", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
  await page.keyboard.press("Tab");
}
async function save(): Promise<void> {
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().waitFor({ state: "detached" });
}

test("is in the menu of the user, and lists who is there", async () => {
  await page.goto("/");
  await page.getByRole("button", { name: /^User menu/ }).click();
  await page.getByRole("menuitem", { name: "People" }).click();
  await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
  await row("Users", "everything").waitFor();
  await page.getByText("There is no permission").waitFor();
  await page.getByText("There is no group").waitFor();
  expect(await faultsInEveryLook(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("makes a user, and says what is wrong where it is wrong", async () => {
  await page.getByRole("button", { name: "New user" }).click();
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().getByText("Choose a name").waitFor();
  await dialog().getByText("At least 10 characters", { exact: true }).waitFor();
  await dialog().getByRole("textbox", { name: "Name" }).fill("grace hopper");
  await dialog().getByRole("textbox", { name: "Password" }).fill("stapled battery horse");
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().getByText("Enter a valid username").first().waitFor();
  expect(await faultsOfDialog(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog().getByRole("textbox", { name: "Name" }).fill("grace");
  await save();
  await row("Users", "grace nothing yet").waitFor();
});

test("makes a group and puts a user into it", async () => {
  await page.getByRole("button", { name: "New group" }).click();
  await dialog().getByRole("textbox", { name: "Name" }).fill("Berlin");
  await save();
  await row("Groups", "Berlin 0").waitFor();
  await page.getByRole("button", { name: "Edit grace" }).click();
  await choose("Groups", "Berlin");
  await save();
  await row("Users", "grace nothing yet Berlin").waitFor();
  await row("Groups", "Berlin 1").waitFor();
});

test("grants something, down to the objects, and says of a constraint what it cannot be", async () => {
  await page.getByRole("button", { name: "New permission" }).click();
  await dialog().getByRole("textbox", { name: "Name" }).fill("Berlin's tenants");
  await choose("Groups", "Berlin");
  await choose("Objects of", "Tenants");
  await dialog().getByRole("checkbox", { name: "Change" }).check();
  const constraint = dialog().getByRole("textbox", { name: "Only those that meet" });
  await constraint.fill("{name");
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().getByText("This is not JSON").waitFor();
  await constraint.fill('{"colour": "red"}');
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().getByText("a Tenant has no field colour").first().waitFor();
  expect(await faultsOfDialog(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await constraint.fill('{"name__startswith": "Berlin"}');
  await save();
  await row("Permissions", `Berlin's tenants Berlin view, change Tenants`).waitFor();
  await row("Users", "grace Berlin's tenants Berlin").waitFor();
  expect(await faultsInEveryLook(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("switches off what is granted and who may sign in, and keeps the last who may do everything", async () => {
  await page.getByRole("button", { name: "Edit Berlin's tenants" }).click();
  await dialog().getByRole("switch", { name: "In force" }).click();
  await save();
  await row("Permissions", "Berlin's tenants (switched off)").waitFor();
  await row("Users", "grace nothing yet Berlin").waitFor();
  await page.getByRole("button", { name: "Edit grace" }).click();
  await dialog().getByRole("switch", { name: "Active" }).click();
  await save();
  await row("Users", "grace nothing: not active").waitFor();
  await table("Users").getByRole("row", { name: "everything" }).getByRole("button").click();
  await dialog().getByRole("switch", { name: "May do everything" }).click();
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().getByText("Nobody would be left who may do everything").waitFor();
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await dialog().waitFor({ state: "detached" });
});

test("deletes a group and a permission when it is asked twice", async () => {
  for (const [list, name] of [
    ["Permissions", "Berlin's tenants"],
    ["Groups", "Berlin"],
  ] as const) {
    await page.getByRole("button", { name: `Edit ${name}`, exact: true }).click();
    await dialog().getByRole("button", { name: "Delete" }).click();
    await dialog().getByRole("button", { name: "Really delete" }).click();
    await dialog().waitFor({ state: "detached" });
    await page.getByText(`There is no ${list.slice(0, -1).toLowerCase()}`).waitFor();
  }
});
