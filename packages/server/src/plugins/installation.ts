import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InvalidInputError } from "@plumbline/sync";

/** Where an installation's declarations live. */
export interface Installation {
  /** Absolute path of the configuration; null where there is none. */
  readonly configPath: string | null;
  /** Folder that relative paths and plugin packages are resolved from. */
  readonly folder: string;
}

const names = ["plumbline.config.ts", "plumbline.config.js", "plumbline.config.mjs"];

/**
 * Finds the configuration: `configPath`, else the environment's PLUMBLINE_CONFIG, else a
 * plumbline.config.ts, .js or .mjs in `folder`.
 * @throws InvalidInputError when a configuration is named and absent.
 */
export function findInstallation(options: {
  configPath?: string | undefined;
  folder: string;
}): Installation {
  const folder = resolve(options.folder);
  const named = options.configPath ?? process.env["PLUMBLINE_CONFIG"];
  if (named) {
    const configPath = resolve(folder, named);
    if (!existsSync(configPath)) {
      throw new InvalidInputError(
        `The configuration ${configPath} does not exist; correct PLUMBLINE_CONFIG or unset it.`,
      );
    }
    return { configPath, folder: dirname(configPath) };
  }
  const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  return { configPath: found ?? null, folder };
}
