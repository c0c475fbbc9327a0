import { badFile, type FileRecord, readText } from "./file-record.ts";
import type { ModelFile } from "./folder-files.ts";

/** The content of a JSON file. @throws InvalidInputError with file and line. */
export function parseJson(file: ModelFile): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badFile(file, `:${locate(text)}`, `${(error as SyntaxError).message}.`);
  }
}

/** The records of a JSON file. @throws InvalidInputError with file and, for broken syntax, line. */
export function readJsonFile(file: ModelFile): readonly FileRecord[] {
  const parsed = parseJson(file);
  if (!Array.isArray(parsed)) {
    throw badFile(file, "", "it holds no list of records (none at all is written []).");
  }
  return parsed.map((entry: unknown, index) => ({
    values:
      typeof entry === "object" && entry !== null && !Array.isArray(entry)
        ? (entry as Record<string, unknown>)
        : null,
    place: `${file.name}, entry ${index + 1}`,
  }));
}

/**
 * Line and column of the first error. The engine tells them only for some errors; the shortest beginning of the
 * text that fails for another reason than its end is cut off where the error is.
 */
function locate(text: string): string {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (middle <= text.length && isBegun(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  const before = text.slice(0, good).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Whether a text may yet become JSON. */
function isBegun(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    if (/end of JSON input|^Unterminated string/.test(message)) return true;
    return /at position (\d+)/.exec(message)?.[1] === String(text.length);
  }
}

/** Records as JSON, a line per record. */
export function writeJson(records: readonly Readonly<Record<string, unknown>>[]): string {
  if (records.length === 0) return "[]\n";
  return `[\n${records.map((record) => `  ${JSON.stringify(record)}`).join(",\n")}\n]\n`;
}
