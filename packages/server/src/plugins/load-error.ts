import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { redact } from "@plumbline/plugin-kit";
import type { LoadError } from "./manifest.ts";

/** What a thrown value says about the file that was being imported: file, line and message. */
export function loadErrorOf(error: unknown, importedFile: string): LoadError {
  const place =
    importPlace(error) ?? stackPlace(error, importedFile) ?? syntaxPlace(error, importedFile);
  return {
    file: place?.file ?? importedFile,
    line: place?.line ?? null,
    message: redact(messageOf(error)),
  };
}

interface Place {
  readonly file: string;
  readonly line: number | null;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `Threw ${String(error)}, which is not an Error.`;
  const name = error.name === "Error" ? "" : `${error.name}: `;
  return name.startsWith("SyntaxError") || error.constructor === Error || isBuiltIn(error)
    ? `${name}${error.message}`
    : error.message;
}

function isBuiltIn(error: Error): boolean {
  return [TypeError, ReferenceError, RangeError, SyntaxError].some((type) => error instanceof type);
}

/** A missing module: the file that imports it, and the line that names it. */
function importPlace(error: unknown): Place | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const match = /Cannot find (?:module|package) '(.+)' imported from (.+)$/.exec(error.message);
  const [, wanted, file] = match ?? [];
  if (wanted === undefined || file === undefined || !existsSync(file)) return undefined;
  const name = wanted.split("/").at(-1) ?? wanted;
  const lines = readFileSync(file, "utf8").split("\n");
  const index = lines.findIndex(
    (line) => /\b(import|from|export)\b/.test(line) && line.includes(name),
  );
  return { file, line: index === -1 ? null : index + 1 };
}

/** The innermost place of the stack that is in the author's files: the imported file or beside it. */
function stackPlace(error: unknown, importedFile: string): Place | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  const places = [...error.stack.matchAll(/(?:^|[\s(])(file:\/\/[^\s():]+):(\d+)/gm)].map(
    ([, url, line]) => ({ file: fileURLToPath(url ?? ""), line: Number(line) }),
  );
  const ownFolder = fileURLToPath(new URL("..", import.meta.url));
  return (
    places.find(({ file }) => file === importedFile) ??
    places.find(({ file }) => !file.includes("/node_modules/") && !file.startsWith(ownFolder))
  );
}

/** Plain JavaScript that does not parse carries no place in its error: Node's own check prints it. */
function syntaxPlace(error: unknown, importedFile: string): Place | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const { stderr } = spawnSync(process.execPath, ["--check", importedFile], {
    encoding: "utf8",
    timeout: 10_000,
  });
  const match = /^(\S+):(\d+)$/m.exec(stderr);
  return match?.[1] === importedFile ? { file: importedFile, line: Number(match[2]) } : undefined;
}
