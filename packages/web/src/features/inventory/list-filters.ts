import type { Query } from "../../api/client.ts";
import type { FieldManifest, ModelManifest } from "../../api/shapes.ts";
import { isCustomField } from "../../components/custom-field.ts";
import type { Models } from "../../components/key-label.ts";

/** How a filter is asked for. */
export type FilterControl = "choice" | "reference" | "text" | "number" | "day" | "moment";

/** A filter of a list: a parameter of the address, of the same name at the server. */
export interface FieldFilter {
  readonly name: string;
  readonly label: string;
  readonly field: FieldManifest;
  readonly control: FilterControl;
}

/** What stands for "has none" in a filter by reference or choice. */
export const noneValue = "null";

/** The filters that a model's fields give. */
export function filtersOf(model: ModelManifest): FieldFilter[] {
  const custom = model.customFields.filter(({ isFiltered }) => isFiltered);
  return [...model.fields, ...custom].flatMap((field) => filtersOfField(field));
}

function filtersOfField(field: FieldManifest): FieldFilter[] {
  const { name, label } = field;
  const one = (control: FilterControl, suffix = "", words = ""): FieldFilter => ({
    name: `${name}${suffix}`,
    label: `${label}${words}`,
    field,
    control,
  });
  if (field.target !== null) return [one("reference")];
  if (isCustomField(field) && field.type === "date") {
    return [one("day", "__gte", " from"), one("day", "__lte", " to")];
  }
  switch (field.kind) {
    case "boolean":
    case "choice":
      return [one("choice")];
    case "integer":
    case "decimal":
      return [one("number", "__gte", " from"), one("number", "__lte", " to")];
    case "date-time":
      return [one("moment", "__gte", " from"), one("moment", "__lte", " to")];
    case "text":
    case "mac":
    case "prefix":
    case "ip-interface":
      return [one("text", "__ic")];
    case "ip-address":
      return [one("text")];
    case "set":
    case "list":
      return [one(field.choices.length > 0 ? "choice" : "text")];
    default:
      return [];
  }
}

/** The filter that a parameter names; `interface__device` asks the record that a reference names. */
export function filterNamed(
  models: Models,
  model: ModelManifest,
  name: string,
): FieldFilter | undefined {
  const own = filtersOf(model).find((filter) => filter.name === name);
  if (own) return own;
  const [, first, rest = ""] = /^(.+?)__(.+)$/.exec(name) ?? [];
  const through = model.fields.find((field) => field.name === first);
  const target = models.get(through?.target ?? "");
  const inner = target && filterNamed(models, target, rest);
  return inner && { ...inner, name, label: `${through?.label ?? ""} › ${inner.label}` };
}

const ownParameters = new Set(["q", "sort", "page", "hide", "show", "view"]);

/** The parameters of an address that filter. */
export function filterParameters(
  search: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).filter(
      (entry): entry is [string, string] => !ownParameters.has(entry[0]) && Boolean(entry[1]),
    ),
  );
}

/** Several values of one filter stand in the address with commas between. */
export function valuesIn(filter: FieldFilter, text: string | undefined): string[] {
  if (!text) return [];
  return filter.control === "choice" || filter.control === "reference" ? text.split(",") : [text];
}

/** What the server is asked for. */
export function filterQuery(
  models: Models,
  model: ModelManifest,
  parameters: Readonly<Record<string, string>>,
): Query {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, text]) => {
      const filter = filterNamed(models, model, name);
      return [name, filter ? valuesIn(filter, text) : text];
    }),
  );
}
