// What a person waits for on the page of a large sync, in Chromium: medians of five, from asking to seeing.
import { launchChromium } from "../../test/browser/chromium.ts";

/** Of the tree, as far as its lines are known. */
const scrollToEnd =
  "{ const list = document.querySelector('#diff nav [role=presentation]'); list.scrollTop = list.scrollHeight; }";

/** Milliseconds. */
export interface SeenPages {
  /** The record's page is opened: until its first changes are there. */
  readonly firstChangesMs: number;
  /** The parent of 50,000 children is opened in the tree: until its children are there. */
  readonly wideParentMs: number;
  /** From there to the last of them. */
  readonly lastChildMs: number;
}

export async function seePages(url: string, cookie: string, wideId: string): Promise<SeenPages> {
  const browser = await launchChromium();
  if (!browser) throw new Error("There is no Chromium to measure with.");
  try {
    const context = await browser.newContext({
      baseURL: url,
      viewport: { width: 1440, height: 900 },
    });
    await context.addCookies(
      cookie.split("; ").map((pair) => {
        const [name = "", ...value] = pair.split("=");
        return { name, value: value.join("="), url };
      }),
    );
    const page = await context.newPage();
    const path = `/plugins/ssot/history/${wideId}/`;
    const times: SeenPages[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      const opened = performance.now();
      await page.goto(path, { waitUntil: "commit" });
      await page.locator("#diff [data-index='0']").first().waitFor();
      const seen = performance.now();
      const tree = page.getByRole("navigation", { name: "Changes by type and parent" });
      await tree.getByRole("button", { name: "Open Prefixes" }).click();
      await tree.getByRole("listitem").nth(3).waitFor();
      await page.evaluate(scrollToEnd);
      const wide = tree.getByRole("button", { name: "Open 11.0.0.0/8" });
      await wide.waitFor();
      const asked = performance.now();
      await wide.click();
      await tree.getByText("11.0.0.1", { exact: true }).waitFor();
      const children = performance.now();
      await page.evaluate(scrollToEnd);
      await tree.getByText("11.0.195.80", { exact: true }).waitFor();
      times.push({
        firstChangesMs: seen - opened,
        wideParentMs: children - asked,
        lastChildMs: performance.now() - children,
      });
    }
    // The first one fills the browser's cache.
    const median = (key: keyof SeenPages): number =>
      Math.round(
        times
          .slice(1)
          .map((each) => each[key])
          .toSorted((a, b) => a - b)[2] ?? 0,
      );
    return {
      firstChangesMs: median("firstChangesMs"),
      wideParentMs: median("wideParentMs"),
      lastChildMs: median("lastChildMs"),
    };
  } finally {
    await browser.close();
  }
}
