// `npm run test:clients`: pynautobot against a fresh Plumbline, and with NAUTOBOT_URL and NAUTOBOT_TOKEN against that
// Nautobot too: the same script must hold there, with the same status codes and nearly the same answers; where they
// differ is listed. Its objects carry a marker and are deleted again.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareAnswers } from "./compare.ts";
import { preparePython, startPlumbline, type Target } from "./environment.ts";

const { NAUTOBOT_URL: nautobotUrl, NAUTOBOT_TOKEN: nautobotToken } = process.env;
/** Of 100 places of answers, how many may differ. */
const mostDiffering = 2;

const folder = mkdtempSync(join(tmpdir(), "plumbline-clients-"));
process.on("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});
const python = join(preparePython(join(folder, "python"), "pynautobot==3.2.0"), "python");
const plumbline = await startPlumbline();
try {
  process.exitCode = check(plumbline, "plumbline.ndjson");
} finally {
  await plumbline.stop();
}
if (process.exitCode === 0 && nautobotUrl !== undefined && nautobotToken !== undefined) {
  const nautobot = { url: nautobotUrl, token: nautobotToken };
  // Its example reads a Nautobot: itself.
  const input = { source_url: nautobotUrl, source_token: nautobotToken };
  process.exitCode = check(nautobot, "nautobot.ndjson", input) || compare(nautobot);
}

function check({ url, token }: Omit<Target, "stop">, record: string, input = {}): number {
  const script = join(import.meta.dirname, "check_pynautobot.py");
  const own = {
    NAUTOBOT_URL: url,
    NAUTOBOT_TOKEN: token,
    CHECK_RECORD: join(folder, record),
    CHECK_JOB_DATA: JSON.stringify({ ...input, dryrun: true }),
  };
  const env = { ...process.env, ...own };
  return spawnSync(python, [script], { stdio: "inherit", env }).status ?? 1;
}

function compare({ url }: Omit<Target, "stop">): number {
  const { requests, statuses, places, differences } = compareAnswers(
    { file: join(folder, "plumbline.ndjson"), url: plumbline.url },
    { file: join(folder, "nautobot.ndjson"), url },
  );
  const share = (100 * differences.length) / places;
  const lines = [...statuses, ...differences, ""];
  process.stdout.write(lines.join("\n"));
  process.stdout.write(
    `Plumbline and Nautobot: ${requests} requests, ${statuses.length} with other codes; of ${places} places of answers ${differences.length} differ, ${share.toFixed(1)} %.\n`,
  );
  return statuses.length > 0 || share > mostDiffering ? 1 : 0;
}
