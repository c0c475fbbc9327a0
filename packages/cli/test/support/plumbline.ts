import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const main = join(repository, "packages/cli/src/main.ts");
// What is only started may live on; it ends with its workplace.
const giveUpMs = 100_000;

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A command at work. */
export interface Started {
  readonly pid: number;
  /** Everything printed so far, on both streams. */
  text(): string;
  /** Waits until it has printed something. Rejects when it ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** As Ctrl-C on a terminal does: to the command and the processes in its group. */
  interrupt(): void;
  readonly ended: Promise<Ended>;
}

/** A folder to run commands in, with an installation's data below it. */
export interface Workplace {
  readonly folder: string;
  readonly dataDirectory: string;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  list(path: string): Promise<string[]>;
  start(...parameters: string[]): Started;
  run(...parameters: string[]): Promise<Ended>;
  /** Runs with further environment variables. */
  runWith(environment: Record<string, string>, ...parameters: string[]): Promise<Ended>;
  remove(): Promise<void>;
}

export async function createWorkplace(files: Record<string, string> = {}): Promise<Workplace> {
  // Our packages are above the installation, as for the packages of an installed plugin.
  const root = await mkdtemp(join(tmpdir(), "plumbline-cli-"));
  const folder = join(root, "site");
  const dataDirectory = join(folder, "data");
  await mkdir(join(root, "node_modules"));
  await symlink(join(repository, "node_modules/@plumbline"), join(root, "node_modules/@plumbline"));
  const atWork = new Set<number>();

  function start(environment: Record<string, string>, parameters: readonly string[]): Started {
    const inherited = { ...process.env };
    delete inherited["DATABASE_URL"];
    delete inherited["PLUMBLINE_CONFIG"];
    const child = spawn(process.execPath, ["--conditions=@plumbline/source", main, ...parameters], {
      cwd: folder,
      env: { ...inherited, PLUMBLINE_DATA_DIR: dataDirectory, NO_COLOR: "1", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, as a shell gives to each command.
      detached: true,
    });
    const pid = child.pid ?? 0;
    atWork.add(pid);
    let output = "";
    let errors = "";
    const watchers = new Set<() => void>();
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const watch of watchers) watch();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      for (const watch of watchers) watch();
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        atWork.delete(pid);
        resolve({ code, output, errors });
      });
    });
    return {
      pid,
      ended,
      text: () => output + errors,
      interrupt: () => process.kill(-pid, "SIGINT"),
      printed: (pattern) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const found = pattern.exec(output + errors);
            if (!found) return;
            watchers.delete(look);
            resolve(found);
          };
          watchers.add(look);
          look();
          ended.then(
            () => reject(new Error(`It ended without ${String(pattern)}:\n${output}${errors}`)),
            reject,
          );
        }),
    };
  }

  /** Runs a command that is to end by itself. */
  async function run(
    environment: Record<string, string>,
    parameters: readonly string[],
  ): Promise<Ended> {
    const started = start(environment, parameters);
    const { pid, ended } = started;
    const timer = setTimeout(() => {
      if (atWork.has(pid)) process.kill(-pid, "SIGKILL");
    }, giveUpMs);
    const result = await ended;
    clearTimeout(timer);
    if (result.code === null)
      throw new Error(`${parameters.join(" ")} did not end:\n${started.text()}`);
    return result;
  }

  const workplace: Workplace = {
    folder,
    dataDirectory,
    async write(path, text) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    },
    read: (path) => readFile(join(folder, path), "utf8"),
    list: async (path) => (await readdir(join(folder, path))).toSorted(),
    start: (...parameters) => start({}, parameters),
    run: (...parameters) => run({}, parameters),
    runWith: (environment, ...parameters) => run(environment, parameters),
    async remove() {
      for (const pid of atWork) process.kill(-pid, "SIGKILL");
      await rm(root, { recursive: true, force: true });
    },
  };
  await workplace.write("package.json", '{ "type": "module" }\n');
  for (const [path, text] of Object.entries(files)) await workplace.write(path, text);
  return workplace;
}
