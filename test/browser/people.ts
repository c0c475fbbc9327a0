// Users that tests let do some things, each with a browser of their own.
import type { Page } from "playwright-core";

export interface Permission {
  readonly types: readonly string[];
  readonly actions: readonly string[];
  readonly constraints?: object | null;
}

const password = "stapled battery horse";

/** A new user with these permissions and no others, made by the administrator of the page, who is signed in. */
export async function openAs(
  administrator: Page,
  name: string,
  permissions: readonly Permission[],
): Promise<Page> {
  const { origin } = new URL(administrator.url());
  const make = async (path: string, data: object): Promise<{ id: string }> => {
    const url = `${origin}/api/users/${path}/`;
    const answer = await administrator.request.post(url, { data, headers: { origin } });
    if (answer.status() !== 201) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  const { id } = await make("users", { username: name, password });
  for (const [index, { types, actions, constraints = null }] of permissions.entries()) {
    await make("permissions", {
      ...{ name: `${name} ${index}`, object_types: types, actions, constraints, users: [id] },
    });
  }
  const context = await administrator
    .context()
    .browser()
    ?.newContext({
      ...{ baseURL: origin, viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" },
    });
  if (!context) throw new Error("The administrator's page has no browser.");
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto("/login/");
  await page.getByLabel("Username").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Single Source of Truth" }).waitFor();
  return page;
}
