import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Installation } from "../../src/plugins/installation.ts";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

export interface TestInstallation extends Installation {
  readonly dataDirectory: string;
  /** Writes a file below the installation's folder. */
  write(path: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

/** An installation's folder with our packages beside it, and the files given by path. */
export async function createTestInstallation(
  files: Readonly<Record<string, string>>,
): Promise<TestInstallation> {
  // Our packages are above the installation, so that npm may rule over its node_modules.
  const root = await mkdtemp(join(tmpdir(), "plumbline-test-installation-"));
  const folder = join(root, "site");
  await mkdir(folder);
  await mkdir(join(root, "node_modules"));
  await symlink(
    join(repository, "node_modules", "@plumbline"),
    join(root, "node_modules", "@plumbline"),
  );
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  const write = async (path: string, text: string): Promise<string> => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const configPath = "plumbline.config.ts" in files ? join(folder, "plumbline.config.ts") : null;
  return {
    folder,
    configPath,
    dataDirectory: join(folder, "data"),
    write,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
