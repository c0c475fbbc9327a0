import type { IgnoreRule } from "@plumbline/sync";
import type { DeclaredDeletes } from "./deletes.ts";
import type { DataSyncJob } from "./job.ts";

/** A package's contribution: its jobs. The default export of a plugin package. */
export interface Plugin {
  readonly name: string;
  readonly jobs: readonly DataSyncJob[];
}

/** Gives the plugin back, with its type checked. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}

/** One configured system; its integration says which jobs it gives under the name it has in the configuration. */
export interface Connection {
  readonly integration: string;
  jobs(name: string): readonly DataSyncJob[];
}

/** What of a model no run passes on: fields are neither compared nor written, actions are counted alone. */
export interface ConfiguredIgnore extends IgnoreRule {
  /** Ids of the jobs it is for; every job that syncs the model where absent. */
  readonly jobs?: readonly string[] | undefined;
}

/** What one run may use. */
export interface RunLimits {
  /** Memory of a run's process, in MiB. Default 2048. */
  memoryMib?: number;
  /** After this many seconds a run is asked to stop, as by Cancel. Default 3600. */
  softSeconds?: number;
  /** After this many seconds a run's process is killed. Default 7200. */
  hardSeconds?: number;
}

/** How long the records of ended syncs are kept. */
export interface History {
  /** Days after its end that a sync's record is deleted; the newest of each job stays. Kept for ever where absent. */
  keepDays?: number;
}

/** `plumbline.config.ts`: everything an installation declares in a file. Every setting has a page in docs/settings.md. */
export interface Config {
  /** Package names, or plugins themselves. */
  plugins?: readonly (string | Plugin)[];
  /** Systems by name; the name becomes part of the jobs' ids. */
  connections?: Readonly<Record<string, Connection>>;
  /** Folder of job files, relative to the configuration. Default "jobs". */
  jobsFolder?: string;
  /** Leaves the Example Data Source and Target out. */
  hideExampleJobs?: boolean;
  /** What runs pass over, beside what their jobs ignore. */
  ignore?: readonly ConfiguredIgnore[];
  /** What becomes of objects that a source lacks, and how many of them at most, by the id of the job. */
  deletes?: Readonly<Record<string, DeclaredDeletes>>;
  runs?: RunLimits;
  history?: History;
}

/** Gives the configuration back, with its type checked. */
export function defineConfig(config: Config): Config {
  return config;
}
