import { hash } from "node:crypto";
import type { Canonical, SideRecord } from "@plumbline/sync";
import { arrayLiteral, escapeText } from "../database/copy-text.ts";

/** A record as it is staged: everything but key and id in one text. */
export interface StagedRow {
  readonly key: string;
  readonly id: string | null;
  readonly payload: string;
}

type Payload = readonly [
  version: string | null,
  origin: string | null,
  /** Places without a value, or 0 for none: JSON has no undefined. */
  holes: readonly number[] | 0,
  values: readonly Canonical[],
];

/**
 * The line of COPY for a record, and the hash of what is compared of it: equal for equal values.
 * @param compared places of the compared values; null for all of them
 * @param secondKeys places of the values that tell objects apart beside the key
 */
export function encodeRecord(
  { key, id, version, origin, values }: SideRecord,
  compared: readonly number[] | null,
  references: readonly string[] | null,
  secondKeys: readonly number[],
): string {
  const holes: number[] = [];
  for (let index = 0; index < values.length; index++) {
    if (values[index] === undefined) holes.push(index);
  }
  const text = JSON.stringify(values);
  const digest = hashText(compared === null ? text : textOf(values, compared));
  const facts = `${JSON.stringify(version ?? null)},${JSON.stringify(origin ?? null)}`;
  const payload = `[${facts},${holes.length === 0 ? "0" : JSON.stringify(holes)},${text}]`;
  const refers = references === null ? "\\N" : escapeText(arrayLiteral(references));
  const telling =
    secondKeys.length === 0
      ? "\\N"
      : escapeText(arrayLiteral(secondKeys.map((index) => tellingText(values[index]))));
  return `${escapeJson(key)}\t${digest}\t${id === undefined ? "\\N" : escapeText(id)}\t${refers}\t${telling}\t${escapeJson(payload)}\n`;
}

/** A value that tells objects apart as JSON, which no text of PostgreSQL refuses; nothing for an empty one. */
function tellingText(value: Canonical | undefined): string {
  return value === undefined || value === null || value === "" ? "" : JSON.stringify(value);
}

/** The hash of the values at some places. */
export function hashValues(values: SideRecord["values"], compared: readonly number[]): string {
  return hashText(textOf(values, compared));
}

export function decodeRecord({ key, id, payload }: StagedRow): SideRecord {
  const [version, origin, holes, given] = JSON.parse(payload) as Payload;
  const values: (Canonical | undefined)[] = [...given];
  if (holes !== 0) for (const index of holes) values[index] = undefined;
  return {
    key,
    values,
    id: id ?? undefined,
    version: version ?? undefined,
    origin: origin ?? undefined,
  };
}

function textOf(values: SideRecord["values"], compared: readonly number[]): string {
  return JSON.stringify(compared.map((index) => values[index]));
}

/** 128 bits, in the form PostgreSQL keeps in 16 bytes. */
function hashText(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}

/** JSON holds no tab and no line end, which COPY would read as its own. */
function escapeJson(text: string): string {
  return text.includes("\\") ? text.replaceAll("\\", "\\\\") : text;
}
