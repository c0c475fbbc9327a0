import { statSync } from "node:fs";
import {
  createDocumentAdapter,
  createFolderAdapter,
  isWritableFolder,
} from "@plumbline/integrations/folder";
import { type Adapter, InvalidInputError, type Model } from "@plumbline/sync";

/**
 * An adapter over a path of the command line: a folder of files, or one JSON document.
 * @throws InvalidInputError for a file of another kind
 */
export function openPath(
  path: string,
  options: { models: readonly Model[]; isTarget: boolean },
): Adapter {
  if (path.endsWith(".json")) return createDocumentAdapter({ ...options, path, name: path });
  return createFolderAdapter({ ...options, path, name: path });
}

/** Whether the path is a folder that is empty or Plumbline's own. */
export function mayBecomeTarget(path: string): boolean {
  return !path.endsWith(".json") && isWritableFolder(path);
}

/**
 * Refuses what cannot be compared before anything is read.
 * @throws InvalidInputError for a path where nothing is, unless it may be new, or a file that is no JSON document
 */
export function checkPath(path: string, { mayBeNew }: { mayBeNew: boolean }): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) {
    if (mayBeNew) return;
    throw new InvalidInputError(`There is no folder or JSON file ${path}; check the path.`);
  }
  const isDocument = path.endsWith(".json");
  if (isDocument && !found.isFile()) {
    throw new InvalidInputError(`${path} ends in .json and is no file; rename the folder.`);
  }
  if (!isDocument && !found.isDirectory()) {
    throw new InvalidInputError(
      `${path} is a file that does not end in .json; give a folder, or one JSON file.`,
    );
  }
}
