// What the tests with clients written in Python need: an environment with a package in it, and a server with a token.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "../browser/server.ts";

export interface Target {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Ends the process without a failure: the test cannot run here. */
function leave(what: string, reason: string): never {
  process.stdout.write(`The test with ${what} did not run: ${reason}\n`);
  process.exit(0);
}

/** The folder of the programs of a Python environment with a package of PyPI in it: "pynautobot==3.2.0". */
export function preparePython(folder: string, wanted: string): string {
  const made = spawnSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  if (made.status !== 0) leave(wanted, "there is no python3 that can make an environment (venv).");
  const programs = join(folder, "bin");
  const python = join(programs, "python");
  const options = ["-m", "pip", "install", "--quiet", wanted];
  const installed = spawnSync(python, options, { stdio: "inherit" });
  if (installed.status !== 0 || !existsSync(python)) {
    leave(wanted, "it could not be installed; what pip said is above.");
  }
  return programs;
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

/** A fresh Plumbline with a token of its administrator. */
export async function startPlumbline(): Promise<Target> {
  const server = await startServer();
  const { url, setupLink } = server;
  const token = new URL(setupLink).searchParams.get("token");
  const administrator = { token, username: "admin", password: "correct horse battery" };
  const [, cookie] = await post(`${url}/api/setup`, administrator);
  const [{ key }] = await post<{ key: string }>(`${url}/api/tokens`, { name: "check" }, cookie);
  return { url, token: key, stop: () => server.stop() };
}
