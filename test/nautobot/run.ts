// `npm run test:nautobot`: the proof against a Nautobot of yours. It reads it and writes nothing there. With
// NAUTOBOT_TARGET_URL, a second one of yours that may be written, also the way from the first through the hub to it.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const url = process.env["NAUTOBOT_URL"] ?? "http://127.0.0.1:8082";

function leave(reason: string): never {
  process.stdout.write(
    `The tests against a real Nautobot did not run: ${reason} See docs/nautobot.md.\n`,
  );
  process.exit(0);
}

if (!process.env["NAUTOBOT_TOKEN"]) {
  leave("the environment variable NAUTOBOT_TOKEN, a token for its API, is not set.");
}
try {
  await fetch(`${url}/api/status/`, { signal: AbortSignal.timeout(10_000) });
} catch (error) {
  const cause = (error as Error).cause as { code?: string } | undefined;
  leave(`${url} cannot be reached (${cause?.code ?? (error as Error).message}); set NAUTOBOT_URL.`);
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const config = fileURLToPath(new URL("vitest.config.ts", import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [`${root}/node_modules/vitest/vitest.mjs`, "run", "--root", root, "--config", config],
  { stdio: "inherit", env: { ...process.env, NAUTOBOT_URL: url } },
);
if (!process.env["NAUTOBOT_TARGET_URL"]) {
  process.stdout.write(
    "The way to a second Nautobot did not run: NAUTOBOT_TARGET_URL, one that may be written, is not set.\n",
  );
}
process.exit(status ?? 1);
