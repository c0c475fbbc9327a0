// A real Nautobot beside a fresh Plumbline that is filled from it: how long the syncs take, and the rates of both in
// one run. The Nautobot is given 1,000 locations, which are deleted again; take one to throw away.
// NAUTOBOT_URL=… NAUTOBOT_TOKEN=… node -C @plumbline/source bench/beside-nautobot.ts     prints JSON
import { execFile } from "node:child_process";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RunningPlumbline } from "@plumbline/server";
import { type Rates, round, type Server } from "./nautobot/client.ts";
import { inFreshPlumbline, syncTwice } from "./nautobot/fresh-plumbline.ts";
import { signIn } from "./served/sign-in.ts";

const nautobot: Server = {
  url: process.env["NAUTOBOT_URL"] ?? "http://127.0.0.1:8082",
  token: process.env["NAUTOBOT_TOKEN"] ?? "",
};

const run = promisify(execFile);

const withoutInterfaces = await inFreshPlumbline(nautobot, "without interfaces", (running) =>
  syncTwice(running, "without interfaces"),
);
const whole = await inFreshPlumbline(nautobot, "whole", async (running) => {
  const syncs = await syncTwice(running, "whole");
  const plumbline = await ratesOf(await accessTo(running));
  const theirs = await ratesOf(nautobot);
  const ratios = Object.fromEntries(
    Object.entries(plumbline).map(([name, value]) => {
      const other = theirs[name as keyof typeof theirs];
      return [name, round(name.startsWith("one") ? other / value : value / other)];
    }),
  );
  return { syncs, rates: { plumbline, nautobot: theirs, ratios } };
});
const load = loadavg().map(round);
process.stdout.write(`${JSON.stringify({ load, withoutInterfaces, ...whole }, null, 2)}\n`);

/** Asked from a process of its own, so that the client's work is not the server's. */
async function ratesOf({ url, token }: Server): Promise<Rates> {
  const script = fileURLToPath(new URL("nautobot/rates.ts", import.meta.url));
  const env = { ...process.env, SERVER_URL: url, SERVER_TOKEN: token };
  const { stdout } = await run(process.execPath, ["-C", "@plumbline/source", script], { env });
  return JSON.parse(stdout) as Rates;
}

/** Its address, and a token of its first administrator. */
async function accessTo(running: RunningPlumbline): Promise<Server> {
  const url = running.url ?? "";
  const answer = await fetch(`${url}/api/tokens`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: url,
      cookie: await signIn(running),
    },
    body: JSON.stringify({ name: "bench" }),
  });
  const { key } = (await answer.json()) as { key: string };
  return { url, token: key };
}
