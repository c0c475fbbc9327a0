import { existsSync } from "node:fs";
import type { Model } from "@plumbline/sync";
import { readDocument } from "./document-adapter.ts";
import { findModelFile, listFolder } from "./folder-files.ts";

/**
 * The models that a folder has a file for, or a JSON document (a path that ends in .json) a list; none where
 * nothing is at the path.
 * @throws InvalidInputError where it cannot be read.
 */
export function findKeptModels(path: string, models: readonly Model[]): readonly Model[] {
  if (path.endsWith(".json")) {
    if (!existsSync(path)) return [];
    const document = readDocument(path, false);
    return models.filter(({ plural }) => Object.hasOwn(document, plural));
  }
  const names = listFolder(path) ?? [];
  return models.filter((model) => findModelFile(path, names, model) !== null);
}
