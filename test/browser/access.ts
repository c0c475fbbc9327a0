// What keeps people from using a page, as axe finds it.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** Rules that axe holds to be serious or critical, with the elements that break them. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // The other mode ends in a tab of its own, which takes time and the focus.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}

const widths = [390, 1440];
const schemes = ["dark", "light"] as const;

/**
 * The faults of the page as it stands, on a narrow and a wide screen, in light and dark colours; also where it is
 * wider than the screen. Ends on a wide one in light colours.
 */
export async function faultsInEveryLook(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await settled(page, colorScheme);
      const look = `${String(width)} ${colorScheme}`;
      found.push(...(await seriousFaults(page)).map((fault) => `${look}: ${fault}`));
    }
    const excess = Number(await page.evaluate("document.documentElement.scrollWidth - innerWidth"));
    if (excess > 0) found.push(`${String(width)}: ${String(excess)} pixels too wide`);
  }
  return found;
}

/** Waits until the colours are those that were asked for. */
async function settled(page: Page, scheme: string): Promise<void> {
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: "attached" });
  await page.evaluate(`new Promise(requestAnimationFrame)
    .then(() => Promise.allSettled(document.getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity)
      .map(({ finished }) => finished)))
    .then(() => null)`);
}
