import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";

const page = `<!doctype html><title>Probe</title>
<button onclick="this.textContent = 'Pressed'">Press</button>`;

let browser: Browser | undefined;
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html").end(page);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  server.close();
});

test("the browser opens a loopback page, clicks and takes a picture", async (context) => {
  if (!browser) return context.skip("no Chromium on this machine");
  const tab = await (await browser.newContext()).newPage();

  await tab.goto(address);
  await tab.getByRole("button", { name: "Press" }).click();

  await expect.poll(() => tab.getByRole("button").textContent()).toBe("Pressed");
  const picture = await tab.screenshot();
  expect(picture.subarray(1, 4).toString("latin1")).toBe("PNG");
});
