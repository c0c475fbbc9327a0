import type { Model } from "@plumbline/sync";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  stringify,
  type YAMLMap,
} from "yaml";
import { badFile, type FileRecord, readText } from "./file-record.ts";
import type { ModelFile } from "./folder-files.ts";

/** The records of a YAML file. @throws InvalidInputError with file and line. */
export function readYamlFile(file: ModelFile, model: Model): readonly FileRecord[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    throw badFile(file, `:${line}:${col}`, sentence(problem.message));
  }
  const { contents } = document;
  if (!isSeq(contents)) {
    throw badFile(file, "", "it holds no list of records (none at all is written []).");
  }
  return contents.items.map((item) => {
    const start = (item as { range?: readonly number[] | null }).range?.[0] ?? 0;
    const { line } = lineCounter.linePos(start);
    const values = isMap(item) ? readRecord(item, document, model) : null;
    if (values !== null && Object.hasOwn(values, "<<")) {
      throw badFile(file, `:${line}`, "merge keys (<<) are not read; write the values themselves.");
    }
    return { values, place: `${file.name}:${line}` };
  });
}

/** Records as YAML, a line per value. */
export function writeYaml(records: readonly Readonly<Record<string, unknown>>[]): string {
  if (records.length === 0) return "[]\n";
  // In pieces: one document of everything would be held as a tree many times its size.
  const pieces: string[] = [];
  for (let start = 0; start < records.length; start += 500) {
    pieces.push(
      stringify(records.slice(start, start + 500), { lineWidth: 0, aliasDuplicateObjects: false }),
    );
  }
  return pieces.join("");
}

function readRecord(map: YAMLMap, document: Document, model: Model): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { key, value } of map.items) {
    const name = String(plain(key, document, 0));
    const isJson = model.names.includes(name) && model.field(name).kind === "json";
    values[name] = isJson && isNode(value) ? value.toJS(document) : plain(value, document, 0);
  }
  return values;
}

const deepest = 50;

/** A node as plain data, with numbers as they are written: 007 and 1.10 may well be names. */
function plain(node: unknown, document: Document, depth: number): unknown {
  if (depth > deepest) throw new RangeError("nested too deeply");
  if (isAlias(node)) return plain(node.resolve(document), document, depth + 1);
  if (isScalar(node)) {
    const { value, source } = node;
    return typeof value === "number" || typeof value === "bigint"
      ? (source ?? String(value))
      : value;
  }
  if (isSeq(node)) return node.items.map((item) => plain(item, document, depth + 1));
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [
        String(plain(key, document, depth + 1)),
        plain(value, document, depth + 1),
      ]),
    );
  }
  return null;
}

function sentence(text: string): string {
  const line = text.split("\n", 1)[0] ?? text;
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
