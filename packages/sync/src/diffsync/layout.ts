import { InvalidDeclarationError } from "../errors.ts";
import { compileField, type FieldDeclarations, type FieldReader } from "./fields.ts";
import { allModelFlags } from "./flags.ts";
import { quotedTextOf, textOf, tupleText } from "./value-text.ts";
import type { Value } from "./value.ts";
import { MissingIdentifierError } from "./errors.ts";

/** What a model declares; see `DiffSyncModel.declare`. */
export interface LayoutDeclaration {
  readonly fields: FieldDeclarations;
  readonly identifiers: readonly string[];
  readonly attributes?: readonly string[];
  readonly children?: Readonly<Record<string, string>>;
  readonly shortName?: readonly string[];
  readonly modelFlags?: number;
}

/** Some of a model's fields: their names, and where their values are. */
export interface FieldGroup {
  readonly names: readonly string[];
  readonly places: readonly number[];
}

/** A compiled model: where a record of it keeps what. One for each declaration, shared by all records. */
export interface Layout {
  readonly model: string;
  readonly fields: readonly FieldReader[];
  readonly places: ReadonlyMap<string, number>;
  /** In the order of the fields, as texts and maps show them. */
  readonly identifiers: FieldGroup;
  readonly attributes: FieldGroup;
  /** Identifiers in the order in which they make the unique id. */
  readonly uniqueId: FieldGroup;
  readonly shortName: FieldGroup;
  /** Child model to the place of the field that lists its unique ids. */
  readonly children: ReadonlyMap<string, { readonly field: string; readonly place: number }>;
  readonly modelFlags: number;
}

/** @throws InvalidDeclarationError for a declaration that contradicts itself */
export function compileLayout(model: string, declaration: LayoutDeclaration): Layout {
  const {
    fields: declared,
    identifiers,
    attributes = [],
    children = {},
    shortName = [],
  } = declaration;
  const modelFlags = declaration.modelFlags ?? 0;
  checkNames(declaration);
  const fields = Object.entries(declared).map(([name, field]) => compileField(model, name, field));
  const places = new Map(fields.map(({ name }, place) => [name, place]));
  const group = (names: readonly string[]): FieldGroup => ({
    names,
    places: names.map((name) => places.get(name) ?? 0),
  });
  const inFieldOrder = (names: readonly string[]): FieldGroup =>
    group(fields.map(({ name }) => name).filter((name) => names.includes(name)));

  for (const field of Object.values(children)) {
    if (declared[field]?.kind === "children") continue;
    throw new InvalidDeclarationError(
      `Model ${model}: field ${field} lists children; declare it with childUids().`,
    );
  }
  if (!isModelFlags(modelFlags)) {
    throw new InvalidDeclarationError(
      `Model ${model}: ${String(modelFlags)} is no combination of ModelFlags.`,
    );
  }
  return {
    model,
    fields,
    places,
    identifiers: inFieldOrder(identifiers),
    attributes: inFieldOrder(attributes),
    uniqueId: group(identifiers),
    shortName: group(shortName),
    children: new Map(
      Object.entries(children).map(([child, field]) => [
        child,
        { field, place: places.get(field) ?? 0 },
      ]),
    ),
    modelFlags,
  };
}

export function isModelFlags(flags: unknown): flags is number {
  return Number.isInteger(flags) && ((flags as number) & ~allModelFlags) === 0;
}

/** The messages are DiffSync's own, so that a declaration that was ported is refused in known words. */
function checkNames({
  fields,
  identifiers,
  attributes = [],
  children = {},
  shortName = [],
}: LayoutDeclaration): void {
  const childFields = Object.values(children);
  const groups = [
    ["_identifiers", identifiers, tupleText(identifiers)],
    ["_shortname", shortName, tupleText(shortName)],
    ["_attributes", attributes, tupleText(attributes)],
    ["_children", childFields, quotedTextOf(children)],
  ] as const;
  for (const [group, names, text] of groups) {
    const missing = names.find((name) => !Object.hasOwn(fields, name));
    if (missing === undefined) continue;
    throw new InvalidDeclarationError(
      `${group} ${text} references missing or un-annotated attr ${missing}`,
    );
  }
  refuseOverlap("_identifiers", identifiers, "_attributes", attributes);
  refuseOverlap("_identifiers", identifiers, "_children", childFields);
  refuseOverlap("_attributes", attributes, "_children", childFields);
}

function refuseOverlap(
  first: string,
  names: readonly string[],
  second: string,
  others: readonly string[],
): void {
  const both = [...new Set(names)].filter((name) => others.includes(name));
  if (both.length === 0) return;
  const text = both.map((name) => quotedTextOf(name)).join(", ");
  throw new InvalidDeclarationError(
    `Fields {${text}} are included in both ${first} and ${second}.`,
  );
}

const separator = "__";

/** Joins the texts of some values of a record. One flat string: the sum of strings would stay a tree in memory. */
export function joinTexts(values: readonly Value[], { places }: FieldGroup): string {
  if (places.length === 1) return textOf(values[places[0] ?? 0] ?? null);
  const texts: string[] = [];
  for (const place of places) texts.push(textOf(values[place] ?? null));
  return texts.join(separator);
}

/** The unique id that identifiers make. @throws MissingIdentifierError where one is not given */
export function uniqueIdOf(layout: Layout, identifiers: Readonly<Record<string, Value>>): string {
  return layout.uniqueId.names
    .map((name) => {
      const part = identifiers[name];
      if (part !== undefined) return textOf(part);
      throw new MissingIdentifierError(
        `A ${layout.model}'s unique id needs ${layout.uniqueId.names.join(", ")}; ${name} is not given.`,
      );
    })
    .join(separator);
}
