import { InvalidDeclarationError } from "./errors.ts";
import type { Field, FieldKind } from "./field.ts";
import type { Fields, Model } from "./model.ts";
import type { RawRecord, RecordOrigin } from "./record.ts";

/** What `defineModel` is told: key parts and other fields by name, and words for people. */
export interface ModelDeclaration<K extends Fields, F extends Fields> {
  /** For people: "IP address". Made from the name where absent. */
  readonly label?: string;
  readonly pluralLabel?: string;
  /** snake_case, plural; made from the name where absent, as the label's plural is from the label. */
  readonly plural?: string;
  readonly description?: string;
  /** What tells records apart, in the order of the key string. */
  readonly key: K;
  readonly fields: F;
  /**
   * Fields, each alone, whose value an object keeps when its key changes, and no two objects have: a serial
   * number. Asked in order where the key finds no counterpart; empty values find none.
   */
  readonly secondKeys?: readonly (keyof F & string)[];
  /** Name of the reference that is the parent in the tree people see. */
  readonly parent?: (keyof K | keyof F) & string;
}

const snakeCase = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const scalarKinds: ReadonlySet<FieldKind> = new Set<FieldKind>([
  "text",
  "integer",
  "decimal",
  "boolean",
  "choice",
  "date-time",
  "mac",
  "ip-address",
  "ip-interface",
  "prefix",
  "reference",
]);

const tellingKinds: ReadonlySet<FieldKind> = new Set<FieldKind>([
  "text",
  "integer",
  "decimal",
  "mac",
  "ip-address",
  "ip-interface",
  "prefix",
]);

/** Declares a model. @throws InvalidDeclarationError for a declaration that contradicts itself. */
export function defineModel<K extends Fields, F extends Fields>(
  name: string,
  declaration: ModelDeclaration<K, F>,
): Model<K, F> {
  const { key, fields } = declaration;
  const keyNames = Object.keys(key);
  const names = [...keyNames, ...Object.keys(fields)];
  const plural = declaration.plural ?? pluralise(name);
  const label = declaration.label ?? capitalise(name.replaceAll("_", " "));
  const all: Readonly<Record<string, Field<unknown, unknown>>> = { ...fields, ...key };

  const secondKeys = declaration.secondKeys ?? [];

  check(name, plural, keyNames, names, all, declaration.parent);
  checkSecondKeys(name, secondKeys, fields);

  const model: Model<K, F> = {
    name,
    plural,
    label,
    pluralLabel: declaration.pluralLabel ?? pluralise(label),
    description: declaration.description ?? "",
    key,
    fields,
    names,
    keyNames,
    secondKeys,
    parent: declaration.parent ?? null,
    field(fieldName) {
      const field = Object.hasOwn(all, fieldName) ? all[fieldName] : undefined;
      if (!field) {
        throw new InvalidDeclarationError(
          `Model ${name} has no field "${fieldName}". It has: ${names.join(", ")}.`,
        );
      }
      return field;
    },
    record: (values, origin) => rawRecord(model, values, false, origin),
    canonical: (values, origin) => rawRecord(model, values, true, origin),
  };
  return model;
}

function rawRecord(
  model: Model,
  values: Readonly<Record<string, unknown>>,
  isCanonical: boolean,
  origin: RecordOrigin | undefined,
): RawRecord {
  return {
    model,
    values,
    isCanonical,
    id: origin?.id,
    version: origin?.version,
    origin: origin?.origin,
  };
}

function check(
  name: string,
  plural: string,
  keyNames: readonly string[],
  names: readonly string[],
  all: Readonly<Record<string, Field<unknown, unknown>>>,
  parent: string | undefined,
): void {
  const fail = (problem: string): never => {
    throw new InvalidDeclarationError(`Model ${name}: ${problem}`);
  };
  if (!snakeCase.test(name)) fail("a model's name is snake_case, like ip_address.");
  if (!snakeCase.test(plural)) fail(`its plural "${plural}" must be snake_case.`);
  if (keyNames.length === 0) fail("it has no key. Name at least one part in `key`.");
  if (new Set(names).size !== names.length) fail("a field has the name of a key part.");
  for (const part of keyNames) {
    const field = all[part];
    if (field && !scalarKinds.has(field.kind))
      fail(`a ${field.kind} cannot be key part "${part}".`);
    if (field?.isDerived) fail(`key part "${part}" cannot be derived; use through(...).`);
    const through = field?.facts.through;
    if (through !== undefined && all[through]?.kind !== "reference") {
      fail(`key part "${part}" goes through "${through}", which is no reference of it.`);
    }
  }
  if (parent !== undefined && all[parent]?.kind !== "reference") {
    fail(`its parent "${parent}" is no reference of it.`);
  }
}

function checkSecondKeys(name: string, secondKeys: readonly string[], fields: Fields): void {
  for (const [index, secondKey] of secondKeys.entries()) {
    const field = Object.hasOwn(fields, secondKey) ? fields[secondKey] : undefined;
    const problem = !field
      ? "is none of its fields (parts of the key need not be named)"
      : field.isDerived
        ? "is derived"
        : !tellingKinds.has(field.kind)
          ? `is a ${field.kind}, which cannot tell objects apart`
          : secondKeys.indexOf(secondKey) !== index
            ? "is named twice"
            : null;
    if (problem === null) continue;
    throw new InvalidDeclarationError(`Model ${name}: its second key "${secondKey}" ${problem}.`);
  }
}

function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function pluralise(word: string): string {
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
