// What the objects of a request set, in the hub's terms.
import { type Canonical, InvalidInputError } from "@plumbline/sync";
import { customFieldsName } from "../../inventory/custom-fields/definitions.ts";
import type { Inventory, Queryable } from "../../inventory/inventory.ts";
import { isUuid } from "../../inventory/uuid.ts";
import type { Table } from "../../inventory/table.ts";
import { addFault, type FaultsByPlace } from "./faults-by-place.ts";
import { createReferenceResolver, type Named, type ReferenceResolver } from "./references.ts";
import type { Resource, Resources } from "./resource.ts";
import { explainFault, textOf } from "./value-faults.ts";

/** An object as a request gives it. */
export type Input = Readonly<Record<string, unknown>>;

export type Writable = Resource & { readonly table: Table };

/** What a request sets, by the model's field, custom ones under the name of all of them: references stand for what they will be found to be. */
export type Given = Map<
  string,
  { readonly value: unknown } | { readonly named: (() => Named)[] | null }
>;

/** What inputs set, by field, with everything they refer to looked up at once. */
export async function readInputs(
  client: Queryable,
  { inventory, resources }: { readonly inventory: Inventory; readonly resources: Resources },
  resource: Writable,
  inputs: readonly Input[],
  faults: FaultsByPlace,
  isNew: boolean,
): Promise<{ readonly given: Given[]; readonly ids: (string | null)[] }> {
  const resolver = createReferenceResolver(inventory, resources);
  const given = inputs.map((input, place) =>
    readInput(resource, resolver, input, place, faults, isNew),
  );
  const ids = inputs.map(({ id }, place) => {
    if (id === undefined || id === null) return null;
    if (typeof id === "string" && isUuid(id)) return id.toLowerCase();
    addFault(faults, place, "id", "Must be a valid UUID.");
    return null;
  });
  await resolver.resolve(client);
  return { given, ids };
}

function readInput(
  { table }: Writable,
  resolver: ReferenceResolver,
  input: Input,
  place: number,
  faults: FaultsByPlace,
  isNew: boolean,
): Given {
  const { rest = {} } = table.hubModel;
  const given: Given = new Map();
  const source: Record<string, unknown> = { ...input };
  for (const [name, from] of Object.entries(rest.madeFrom ?? {})) {
    const isGiven = source[name] !== undefined && source[name] !== "";
    // Of an object that is there it stays as it was made.
    if (!isGiven && isNew && typeof input[from] === "string") source[name] = slugOf(input[from]);
  }
  if (table.hasCustomFields && input[customFieldsName] !== undefined) {
    const value = input[customFieldsName];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      given.set(customFieldsName, { value });
    } else addFault(faults, place, customFieldsName, notByName);
  }
  for (const [name, parts] of Object.entries(rest.joined ?? {})) {
    const value = input[name];
    if (value === undefined) continue;
    const [first = "", second] = textOf(value).split("/");
    source[parts[0]] = first.trim();
    // Without a length, an address stands for itself alone.
    source[parts[1]] = second?.trim() ?? (first.includes(":") ? 128 : 32);
  }
  for (const [name, set] of Object.entries(rest.single ?? {})) {
    const value = input[name];
    if (value !== undefined) source[set] = value === null ? [] : [value];
  }
  for (const { name, target, field } of table.columns) {
    if (!Object.hasOwn(source, name)) continue;
    const value = source[name];
    if (target !== null) {
      const named = value === null || value === "" ? null : [resolver.ask(target, value)];
      given.set(name, { named });
    } else if (!field.isDerived) {
      const isNumber = (rest.numberChoices ?? []).includes(name);
      const plain = plainValue(value);
      given.set(name, { value: isNumber && typeof plain === "number" ? String(plain) : plain });
    }
  }
  for (const { name, target } of table.joins) {
    if (!Object.hasOwn(source, name)) continue;
    const value = source[name];
    if (Array.isArray(value)) {
      given.set(name, { named: value.map((member) => resolver.ask(target, member)) });
    } else {
      addFault(
        faults,
        place,
        name,
        `Expected a list of items but got type "${value === null ? "NoneType" : typeof value}".`,
      );
    }
  }
  return given;
}

const notByName =
  "Invalid data format. Custom field data must be passed as a dictionary mapping field names to their values.";

/** "Rack units" as a name for programs: "rack_units". */
function slugOf(text: string): string {
  const words = text.normalize("NFKD").replaceAll(/[^\w\s-]/g, "");
  return words
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
}

/** A choice may come as it is given: with value and label. */
function plainValue(value: unknown): unknown {
  const isChoice = typeof value === "object" && value !== null && "value" in value;
  return isChoice ? value.value : value;
}

/** The canonical value that a request sets a field to; undefined, with a fault noted, where it cannot be. */
export function canonicalOf(
  inventory: Inventory,
  resource: Writable,
  name: string,
  given: Given,
  fault: (field: string, text: string) => void,
): Canonical | undefined {
  const { model } = resource.table;
  const field = model.field(name);
  const entry = given.get(name);
  try {
    if (entry === undefined) return field.normalise(undefined, inventory.schema.encodeReference);
    if ("value" in entry) {
      const isBlank = typeof entry.value === "string" && entry.value.trim() === "";
      if (isBlank && !field.isNullable && field.kind === "text") {
        fault(shownAs(resource, name), "This field may not be blank.");
        return undefined;
      }
      return field.normalise(entry.value, inventory.schema.encodeReference);
    }
    if (entry.named === null) return field.normalise(null, inventory.schema.encodeReference);
    const found = entry.named.map((ask) => ask());
    const bad = found.find((named) => named.fault !== undefined);
    if (bad?.fault !== undefined) {
      fault(shownAs(resource, name), bad.fault);
      return undefined;
    }
    const keys = found.flatMap((named) => (named.fault === undefined ? [named.key] : []));
    const references = keys.map((key) => ({ encodedKey: key }));
    return field.normalise(
      field.kind === "reference" ? references[0] : references,
      inventory.schema.encodeReference,
    );
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const input = entry && "value" in entry ? entry.value : entry === undefined ? undefined : null;
    const isListed = (resource.table.hubModel.rest?.plainChoices ?? []).includes(name);
    fault(shownAs(resource, name), explainFault(field, input, error, isListed));
    return undefined;
  }
}

/** The name under which a request gives a field. */
export function shownAs({ table }: Writable, name: string): string {
  const joined = Object.entries(table.hubModel.rest?.joined ?? {});
  return joined.find(([, parts]) => parts.includes(name))?.[0] ?? name;
}
