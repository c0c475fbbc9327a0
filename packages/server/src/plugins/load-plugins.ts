import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type Config,
  type ConfiguredIgnore,
  type Connection,
  type DataSyncJob,
  type DeclaredDeletes,
  type Plugin,
  ruleDeletes,
} from "@plumbline/plugin-kit";
import type { IgnoreRule } from "@plumbline/sync";
import type { Installation } from "./installation.ts";
import { loadErrorOf } from "./load-error.ts";
import type { LoadError } from "./manifest.ts";
import { isConfig, isJob, isPlugin } from "./shape.ts";

export interface LoadedJob {
  readonly job: DataSyncJob;
  /** Package, file or connection that brought it. */
  readonly plugin: string;
  /** File to name when the job is wrong. */
  readonly file: string;
}

export interface LoadedPlugins {
  readonly jobs: readonly LoadedJob[];
  readonly errors: readonly LoadError[];
  readonly config: Config;
  /** Days that records of syncs are kept; null: for ever. */
  readonly keepDays: number | null;
}

/**
 * Imports everything an installation declares. Runs plugin code: call it in a process made for that.
 * One broken plugin does not hide the others; its fault becomes an error with file and line.
 */
export async function loadPlugins(installation: Installation): Promise<LoadedPlugins> {
  const jobs: LoadedJob[] = [];
  const errors: LoadError[] = [];
  const config = await loadConfig(installation, errors);
  const configFile = installation.configPath ?? installation.folder;

  if (config.hideExampleJobs !== true) {
    const { folderPlugin } = await import("@plumbline/integrations/folder");
    addPlugin(folderPlugin, "@plumbline/integrations/folder", jobs);
  }
  for (const plugin of config.plugins ?? []) {
    if (typeof plugin === "string") await loadPackage(plugin, installation, jobs, errors);
    else if (isPlugin(plugin)) addPlugin(plugin, configFile, jobs);
    else
      errors.push({ file: configFile, line: null, message: notAPlugin("An entry of `plugins`") });
  }
  for (const [name, connection] of Object.entries(config.connections ?? {})) {
    loadConnection(name, connection, configFile, jobs, errors);
  }
  const jobsFolder = resolve(installation.folder, config.jobsFolder ?? "jobs");
  for (const file of listJobFiles(jobsFolder)) await loadJobFile(file, jobs, errors);
  const keepDays = checkKeepDays(config, configFile, errors);
  const ignoring = applyIgnore(config.ignore ?? [], jobs, configFile, errors);
  const ruled = applyDeletes(config.deletes ?? {}, ignoring, configFile, errors);
  return { jobs: ruled, errors, config, keepDays };
}

/** A number that is none keeps everything: what is deleted by mistake does not come back. */
function checkKeepDays({ history }: Config, file: string, errors: LoadError[]): number | null {
  const keepDays = history?.keepDays ?? null;
  if (keepDays === null) return null;
  if (Number.isInteger(keepDays) && keepDays >= 1 && keepDays <= 36_500) return keepDays;
  const message = `history.keepDays is ${JSON.stringify(keepDays)}; give a whole number of days from 1 to 36500, or leave it out to keep everything.`;
  errors.push({ file, line: null, message });
  return null;
}

/** Gives the configuration's rules to the jobs they are for; one that is for none is misspelt. */
function applyIgnore(
  rules: readonly ConfiguredIgnore[],
  jobs: readonly LoadedJob[],
  file: string,
  errors: LoadError[],
): readonly LoadedJob[] {
  const given = new Map<DataSyncJob, IgnoreRule[]>();
  for (const { jobs: ids, ...rule } of rules) {
    const known = new Set(jobs.map(({ job }) => job.id));
    const unknown = ids?.find((id) => !known.has(id));
    const chosen = jobs.filter(({ job }) =>
      ids ? ids.includes(job.id) : job.models.some(({ name }) => name === rule.model),
    );
    if (unknown !== undefined || chosen.length === 0) {
      const what =
        unknown === undefined
          ? `no job syncs ${rule.model}`
          : `there is no job ${unknown}; there are ${[...known].join(", ")}`;
      errors.push({ file, line: null, message: `A rule of \`ignore\` is for nothing: ${what}.` });
    }
    for (const { job } of chosen) given.set(job, [...(given.get(job) ?? []), rule]);
  }
  return jobs.map((loaded) => {
    const own = given.get(loaded.job);
    if (own === undefined) return loaded;
    return { ...loaded, job: { ...loaded.job, ignore: [...loaded.job.ignore, ...own] } };
  });
}

/** Gives the configuration's rules on deletes to their jobs. A job whose rules are wrong is not run without them. */
function applyDeletes(
  declared: Readonly<Record<string, DeclaredDeletes>>,
  jobs: readonly LoadedJob[],
  file: string,
  errors: LoadError[],
): readonly LoadedJob[] {
  const ids = jobs.map(({ job }) => job.id);
  for (const unknown of Object.keys(declared).filter((id) => !ids.includes(id))) {
    const message = `\`deletes\` has rules for the job ${unknown}, which there is not; there are ${ids.join(", ")}.`;
    errors.push({ file, line: null, message });
  }
  return jobs.flatMap((loaded) => {
    const { job } = loaded;
    const own = declared[job.id];
    if (own === undefined) return loaded;
    try {
      return { ...loaded, job: { ...job, ...ruleDeletes(job, own, job) } };
    } catch (error) {
      errors.push(loadErrorOf(error, file));
      return [];
    }
  });
}

async function loadConfig(installation: Installation, errors: LoadError[]): Promise<Config> {
  const { configPath } = installation;
  if (configPath === null) return {};
  try {
    const config = await importDefault(configPath);
    if (isConfig(config)) return config;
    errors.push({
      file: configPath,
      line: null,
      message:
        "The configuration has no default export; write `export default defineConfig({ … })`.",
    });
  } catch (error) {
    errors.push(loadErrorOf(error, configPath));
  }
  return {};
}

async function loadPackage(
  name: string,
  installation: Installation,
  jobs: LoadedJob[],
  errors: LoadError[],
): Promise<void> {
  const parent = pathToFileURL(join(installation.folder, "plumbline.config.js")).href;
  let file: string | undefined;
  try {
    const isPath = name.startsWith(".") || name.startsWith("/");
    const url = isPath
      ? pathToFileURL(resolve(installation.folder, name)).href
      : import.meta.resolve(name, parent);
    file = fileURLToPath(url);
    const plugin = ((await import(url)) as { default?: unknown }).default;
    if (isPlugin(plugin)) addPlugin(plugin, file, jobs, name);
    else errors.push({ file, line: null, message: notAPlugin(`The plugin ${name}`) });
  } catch (error) {
    if (file === undefined) {
      errors.push({
        file: installation.configPath ?? installation.folder,
        line: null,
        message: `The plugin ${name} is not installed in ${installation.folder}; run \`npm install ${name}\` there, or take it out of \`plugins\`.`,
      });
    } else errors.push(loadErrorOf(error, file));
  }
}

function loadConnection(
  name: string,
  connection: Connection,
  file: string,
  jobs: LoadedJob[],
  errors: LoadError[],
): void {
  try {
    for (const job of connection.jobs(name)) jobs.push({ job, plugin: `connection ${name}`, file });
  } catch (error) {
    const fault = loadErrorOf(error, file);
    errors.push({ ...fault, message: `The connection ${name}: ${fault.message}` });
  }
}

async function loadJobFile(file: string, jobs: LoadedJob[], errors: LoadError[]): Promise<void> {
  try {
    const declared = await importDefault(file);
    const list = Array.isArray(declared) ? (declared as unknown[]) : [declared];
    for (const entry of list) {
      if (isJob(entry)) jobs.push({ job: entry, plugin: file, file });
      else if (isPlugin(entry)) addPlugin(entry, file, jobs);
      else {
        errors.push({
          file,
          line: null,
          message:
            "The file's default export is not a job; export what defineDataSource or defineDataTarget returns, a list of them, or a plugin.",
        });
      }
    }
  } catch (error) {
    errors.push(loadErrorOf(error, file));
  }
}

function addPlugin(plugin: Plugin, file: string, jobs: LoadedJob[], name = plugin.name): void {
  for (const job of plugin.jobs) jobs.push({ job, plugin: name, file });
}

function listJobFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.(ts|js|mjs)$/.test(name) && !/\.(test|d)\.ts$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

async function importDefault(file: string): Promise<unknown> {
  return ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
}

function notAPlugin(subject: string): string {
  return `${subject} is not a plugin: its default export needs a \`name\` and a list of \`jobs\`, as definePlugin gives.`;
}
