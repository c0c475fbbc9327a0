import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { openEmbeddedPostgres } from "../../src/database/embedded/open.ts";
import { readPostmasterFile } from "../../src/database/embedded/postmaster-file.ts";
import { stopPostmaster } from "../../src/database/embedded/postmaster.ts";
import { quiet } from "./quiet-logger.ts";

const run = promisify(execFile);

export type DataDirectories = {
  /** A data directory with a database that is ready and stopped. */
  prepared(name?: string): Promise<string>;
  /** A path where nothing is yet. */
  fresh(name?: string): Promise<string>;
  /** Stops every server below and removes all. */
  remove(): Promise<void>;
};

/** Temporary data directories; the first database is made once and copied, because initdb takes a second. */
export async function createDataDirectories(): Promise<DataDirectories> {
  const root = await mkdtemp(path.join(tmpdir(), "plumbline-test-data-"));
  // PostgreSQL runs as nobody when the tests run as root.
  await chmod(root, 0o711);
  const given: string[] = [];
  let model: Promise<string> | undefined;

  const makeModel = async (): Promise<string> => {
    const directory = path.join(root, "model");
    const embedded = await openEmbeddedPostgres({ dataDirectory: directory, logger: quiet });
    await embedded.close();
    return directory;
  };

  const fresh = async (name = "data"): Promise<string> => {
    const parent = path.join(root, String(given.length));
    await mkdir(parent, { mode: 0o711 });
    const directory = path.join(parent, name);
    given.push(directory);
    return directory;
  };

  return {
    fresh,
    async prepared(name) {
      model ??= makeModel();
      const directory = await fresh(name);
      await mkdir(path.dirname(directory), { recursive: true, mode: 0o711 });
      await run("cp", ["-a", await model, directory]);
      return directory;
    },
    async remove() {
      for (const directory of given) {
        const cluster = path.join(directory, "postgres");
        const file = await readPostmasterFile(cluster);
        if (file !== undefined) await stopPostmaster(file.pid, cluster);
      }
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
