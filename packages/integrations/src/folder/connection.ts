import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { syncedModels } from "@plumbline/models";
import {
  type Connection,
  defineDataSource,
  defineDataTarget,
  definePlugin,
} from "@plumbline/plugin-kit";
import type { Model } from "@plumbline/sync";
import { createFolderAdapter } from "./folder-adapter.ts";
import type { FileFormat } from "./folder-files.ts";

/** Which folder is synced, and how. */
export interface FolderConnectionOptions {
  /** The folder with the files; a relative path starts at the configuration's folder. */
  readonly path: string;
  /** Models synced; all of the hub's where absent. */
  readonly models?: readonly Model[];
  /** Format of files written anew. Default "yaml". */
  readonly format?: FileFormat;
}

/** A folder of files as a Data Source (folder → hub) and as a Data Target (hub → folder). */
export function folder(options: FolderConnectionOptions): Connection {
  const path = resolve(options.path);
  const models = options.models ?? syncedModels;
  const mappings = models.map((model) => ({
    source: `${model.plural}.yaml, .json or .csv`,
    target: model.name,
  }));
  return {
    integration: "folder",
    jobs: (name) => [
      defineDataSource({
        id: `folder-${name}-source`,
        title: `Folder ${name} → hub`,
        description: `Reads the files in ${path} into the hub.`,
        system: `Folder ${name}`,
        connection: `folder-${name}`,
        models,
        mappings,
        configuration: [{ label: "Folder", value: path }],
        source: (run) => createFolderAdapter({ path, models: run.models, name: `Folder ${name}` }),
      }),
      defineDataTarget({
        id: `folder-${name}-target`,
        title: `Hub → folder ${name}`,
        description: `Writes the hub's records into the files in ${path}.`,
        system: `Folder ${name}`,
        connection: `folder-${name}`,
        models,
        mappings: mappings.map(({ source, target }) => ({ source: target, target: source })),
        configuration: [
          { label: "Folder", value: path },
          { label: "Format of new files", value: options.format ?? "yaml" },
        ],
        target: (run) =>
          createFolderAdapter({
            path,
            models: run.models,
            name: `Folder ${name}`,
            isTarget: true,
            format: options.format,
          }),
      }),
    ],
  };
}

/** The folder with the sample estate, shipped with the package. */
const samplePath = fileURLToPath(new URL("../../sample/", import.meta.url));

const exampleDataSource = defineDataSource({
  id: "example-data-source",
  title: "Example Data Source",
  description:
    "Reads a sample estate that ships with Plumbline into the hub: the sites, tenants and networks of a made-up company. Nothing outside this machine is asked.",
  system: "Sample estate (folder)",
  models: syncedModels,
  isExample: true,
  configuration: [{ label: "Folder", value: samplePath }],
  mappings: syncedModels.map((model) => ({ source: model.plural, target: model.name })),
  source: ({ models }) =>
    createFolderAdapter({ path: samplePath, models, name: "Sample estate (folder)" }),
});

const exampleDataTarget = defineDataTarget({
  id: "example-data-target",
  title: "Example Data Target",
  description:
    "Writes the hub's records as YAML files into the folder example-target of the data directory.",
  system: "Example folder",
  models: syncedModels,
  isExample: true,
  configuration: [{ label: "Folder", value: "example-target in the data directory" }],
  mappings: syncedModels.map((model) => ({ source: model.name, target: `${model.plural}.yaml` })),
  target: ({ dataDirectory, models }) =>
    createFolderAdapter({
      path: join(dataDirectory, "example-target"),
      models,
      name: "Example folder",
      isTarget: true,
    }),
});

/** The example jobs of a fresh installation. */
export const folderPlugin = definePlugin({
  name: "folder",
  jobs: [exampleDataSource, exampleDataTarget],
});
