// `npm run test:clients`: pynautobot against a fresh Plumbline, or against the Nautobot (or Plumbline) at
// NAUTOBOT_URL with NAUTOBOT_TOKEN. Its objects carry a marker and are deleted again.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../browser/server.ts";

const version = "3.2.0";

interface Target {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

function leave(reason: string): never {
  process.stdout.write(`The test with pynautobot did not run: ${reason}\n`);
  process.exit(0);
}

/** The Python of an environment with pynautobot in it. */
function preparePython(folder: string): string {
  const made = spawnSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  if (made.status !== 0) leave("there is no python3 that can make an environment (venv).");
  const python = join(folder, "bin", "python");
  const options = ["-m", "pip", "install", "--quiet", `pynautobot==${version}`];
  const installed = spawnSync(python, options, { stdio: "inherit" });
  if (installed.status !== 0 || !existsSync(python)) {
    leave(`pynautobot ${version} could not be installed; what pip said is above.`);
  }
  return python;
}

async function post<T>(url: string, body: object, cookie = ""): Promise<[T, string]> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  const cookies = answer.headers.getSetCookie().map((one) => one.split(";")[0]);
  return [(await answer.json()) as T, cookies.join("; ")];
}

async function startPlumbline(): Promise<Target> {
  const server = await startServer();
  const { url, setupLink } = server;
  const token = new URL(setupLink).searchParams.get("token");
  const administrator = { token, username: "ada", password: "correct horse battery" };
  const [, cookie] = await post(`${url}/api/setup`, administrator);
  const [{ key }] = await post<{ key: string }>(`${url}/api/tokens`, { name: "check" }, cookie);
  return { url, token: key, stop: () => server.stop() };
}

const { NAUTOBOT_URL: givenUrl, NAUTOBOT_TOKEN: givenToken } = process.env;
const folder = mkdtempSync(join(tmpdir(), "plumbline-clients-"));
process.on("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});
const python = preparePython(folder);
const target: Target =
  givenUrl !== undefined && givenToken !== undefined
    ? { url: givenUrl, token: givenToken, stop: () => Promise.resolve() }
    : await startPlumbline();
try {
  const script = join(import.meta.dirname, "check_pynautobot.py");
  const env = { ...process.env, NAUTOBOT_URL: target.url, NAUTOBOT_TOKEN: target.token };
  process.exitCode = spawnSync(python, [script], { stdio: "inherit", env }).status ?? 1;
} finally {
  await target.stop();
}
