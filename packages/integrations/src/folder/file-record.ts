import { readFileSync } from "node:fs";
import { InvalidInputError } from "@plumbline/sync";
import type { ModelFile } from "./folder-files.ts";

/** A record as a file gives it, and where. */
export interface FileRecord {
  /** Null where the entry is no record at all, but a text or a list. */
  readonly values: Readonly<Record<string, unknown>> | null;
  /** "tenants.yaml:12". */
  readonly place: string;
}

/** The file's text. @throws InvalidInputError where it cannot be read or is not UTF-8. */
export function readText(file: ModelFile): string {
  if (file.text !== undefined) return file.text.replace(/^\uFEFF/, "");
  let content: Buffer;
  try {
    content = readFileSync(file.path);
  } catch (cause) {
    throw unreadable(file, cause);
  }
  try {
    return createDecoder().decode(content);
  } catch {
    throw notUtf8(file);
  }
}

/** Refuses what is not UTF-8: read all the same, each odd letter would become another one, in keys too. */
export function createDecoder(): InstanceType<typeof TextDecoder> {
  return new TextDecoder("utf-8", { fatal: true });
}

export function notUtf8(file: ModelFile): InvalidInputError {
  return badFile(
    file,
    "",
    "it is not UTF-8, but in another encoding (Latin-1, say) or cut off within a letter.",
  );
}

export function unreadable(file: ModelFile, cause: unknown): InvalidInputError {
  const code = (cause as NodeJS.ErrnoException).code ?? "?";
  return new InvalidInputError(
    `The file ${file.path} cannot be read (${code}); check its permissions.`,
    { cause },
  );
}

/** An error in the file's syntax; `where` is ":12" or the like. */
export function badFile(file: ModelFile, where: string, problem: string): InvalidInputError {
  return new InvalidInputError(`${file.path}${where} cannot be read: ${problem} Correct the file.`);
}
