import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError, type Model } from "@plumbline/sync";

/** How a model's file is written. */
export type FileFormat = "yaml" | "json" | "csv";

/** The file of one model in a folder. */
export interface ModelFile {
  readonly path: string;
  /** Without the folder: what people are shown. */
  readonly name: string;
  readonly format: FileFormat;
  /** It does not exist yet. */
  readonly isNew?: boolean;
  /** What it holds, where it is no file on a disk but a text that was sent. */
  readonly text?: string;
}

/** Tells a folder of ours, which may be written, from somebody's own files. */
export const markerName = ".plumbline";

const formats: Readonly<Record<string, FileFormat>> = {
  yaml: "yaml",
  yml: "yaml",
  json: "json",
  csv: "csv",
};

/** The names in a folder; null where there is no such folder. @throws InvalidInputError where it cannot be read. */
export function listFolder(path: string): readonly string[] | null {
  try {
    return readdirSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return null;
    const why = code === "ENOTDIR" ? "is a file, not a folder" : `cannot be read (${code ?? "?"})`;
    throw new InvalidInputError(`The folder ${path} ${why}; check the path and its permissions.`, {
      cause,
    });
  }
}

export function hasMarker(path: string): boolean {
  // A folder of that name is an installation's data, and marks nothing.
  return statSync(join(path, markerName), { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * The file that holds a model's records, or null.
 * @throws InvalidInputError where there is more than one: which of them counts is not ours to guess.
 */
export function findModelFile(
  folder: string,
  names: readonly string[],
  model: Model,
): ModelFile | null {
  const found = names.filter((name) => {
    const [stem, extension, ...rest] = name.split(".");
    return stem === model.plural && rest.length === 0 && formatOf(extension) !== null;
  });
  const [name, second] = found.sort();
  if (name === undefined) return null;
  if (second !== undefined) {
    throw new InvalidInputError(
      `${folder} holds both ${name} and ${second} for ${model.pluralLabel.toLowerCase()}; keep one of them.`,
    );
  }
  const format = formatOf(name.split(".")[1]);
  return format === null ? null : { path: join(folder, name), name, format };
}

function formatOf(extension: string | undefined): FileFormat | null {
  return (extension === undefined ? undefined : formats[extension.toLowerCase()]) ?? null;
}

/** Whether records may be written into the folder: it is missing, empty, or carries our marker. */
export function isWritable(path: string): boolean {
  const names = listFolder(path);
  return names === null || names.length === 0 || hasMarker(path);
}

/**
 * Refuses a folder that is somebody else's.
 * @throws InvalidInputError that says what to do.
 */
export function checkWritable(path: string): void {
  if (isWritable(path)) return;
  throw new InvalidInputError(
    `The folder ${path} was not made by Plumbline and is not empty, so nothing is written there; ` +
      `choose another folder, or allow it by putting an empty file named ${markerName} into it.`,
  );
}

/** Another text whenever the file is another one or its content was changed; empty where it is gone. */
export function fileVersion({ path }: Pick<ModelFile, "path">): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? "" : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
