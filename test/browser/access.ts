// What keeps people from using a page, as axe finds it.
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Rules that axe holds to be serious or critical, with the elements that break them, all within one if it is named. */
export async function seriousFaults(page: Page, within = "html"): Promise<string[]> {
  // Once for each load of the application: its source is half a megabyte.
  const isThere = await page.evaluate<boolean>("'axe' in window");
  if (!isThere) await page.evaluate(axe.source);
  return page.evaluate<string[]>(`axe
    .run(${JSON.stringify(within)}, { resultTypes: ["violations"] })
    .then(({ violations }) => violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" | ")))`);
}

type Look = readonly [width: number, scheme: "light" | "dark"];

const looks: readonly Look[] = [
  [390, "dark"],
  [390, "light"],
  [1440, "dark"],
  [1440, "light"],
];

/** The faults of the page as it stands, on a narrow and a wide screen, in light and dark colours. */
export function faultsInEveryLook(page: Page, within?: string): Promise<string[]> {
  return faultsIn(looks, page, within);
}

/** The same for a dialog that stands open: one that differs from another in its words alone need not take as long. */
export function faultsOfDialog(page: Page): Promise<string[]> {
  const [narrow, , , wide] = looks;
  return faultsIn(
    [narrow, wide].filter((look) => look !== undefined),
    page,
    "[role=dialog]",
  );
}

/** Counts what is wider than the screen as a fault too. Leaves the page in the last look. */
async function faultsIn(some: readonly Look[], page: Page, within?: string): Promise<string[]> {
  const found: string[] = [];
  for (const [width, colorScheme] of some) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page
      .locator(`html[data-mantine-color-scheme="${colorScheme}"]`)
      .waitFor({ state: "attached" });
    const faults = await seriousFaults(page, within);
    const excess = Number(await page.evaluate("document.documentElement.scrollWidth - innerWidth"));
    if (excess > 0) faults.push(`${String(excess)} pixels too wide`);
    found.push(...faults.map((fault) => `${String(width)} ${colorScheme}: ${fault}`));
  }
  return found;
}
