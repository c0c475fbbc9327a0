// The filters that custom fields give a list: cf_contract, cf_contract__ic and so on.
import { customFieldName } from "@plumbline/models";
import { type Canonical, InvalidInputError } from "@plumbline/sync";
import {
  type Filter,
  filter,
  type FilterCondition,
  orEmpty,
  withNegation,
} from "../lists/filter.ts";
import { notAChoice } from "../lists/filter-values.ts";
import { like, valueFilters } from "../lists/filters.ts";
import type { ListField } from "../lists/list.ts";
import {
  type CustomFieldDefinition,
  customFieldsName,
  type CustomFieldType,
} from "./definitions.ts";
import { readCustomValue } from "./read-value.ts";

/** Every filter by its name; fields that are not to be filtered by have none. */
export function customFieldFilters(
  definitions: readonly CustomFieldDefinition[],
): ReadonlyMap<string, Filter> {
  const filters = definitions
    .filter(({ filterLogic }) => filterLogic !== "disabled")
    .flatMap(filtersOfDefinition);
  return new Map(filters.map((each) => [each.name, each]));
}

function filtersOfDefinition(definition: CustomFieldDefinition): Filter[] {
  const field = listField(definition);
  const { name } = field;
  const equals = withNegation(
    isLoose(definition)
      ? filter(name, like(field.place("t"), "%", "%"))
      : filter(name, holding(definition), {
          takesNull: true,
          read: (text) => readWanted(definition, text),
        }),
  );
  if (definition.type === "multi-select") return equals;
  const own = new Set(equals.map((each) => each.name));
  return [...equals, ...valueFilters(field).filter((each) => !own.has(each.name))];
}

/** Whether a part of the text is enough. */
function isLoose({ type, filterLogic }: CustomFieldDefinition): boolean {
  return type === "json" || (filterLogic === "loose" && /^(text|url|markdown)$/.test(type));
}

/** What objects have as the value, or among the values: the index of all custom fields serves it. */
function holding({ key, type }: CustomFieldDefinition): FilterCondition {
  const none = `coalesce(t.${customFieldsName} ->> '${key}', '') = ''`;
  return (values, parameters) =>
    orEmpty(values, none, (given) => {
      const alternatives = given.map((value) => {
        const wanted = { [key]: type === "multi-select" ? [value] : value };
        return `t.${customFieldsName} @> ${parameters.add(JSON.stringify(wanted))}::jsonb`;
      });
      // As the index says it, which holds no others.
      return `(t.${customFieldsName} <> '{}' and (${alternatives.join(" or ")}))`;
    });
}

/** A value to look for: bounds and pattern hold for what is written. */
function readWanted(definition: CustomFieldDefinition, text: string): Canonical {
  const { type, choices } = definition;
  if (type === "select" || type === "multi-select") {
    if (choices.includes(text)) return text;
    throw notAChoice(text);
  }
  const value = readCustomValue({ type, choices, min: null, max: null, regex: null }, text);
  if (value === null) throw new InvalidInputError("This field is required.");
  return value;
}

const kinds: Partial<
  Record<CustomFieldType, readonly [kind: ListField["kind"], type: string, of: RegExp, as: string]>
> = {
  integer: ["integer", "numeric", /^-?\d+$/, "$::numeric"],
  boolean: ["boolean", "boolean", /^(true|false)$/, "$::boolean"],
  date: ["date-time", "timestamptz", /^\d{4}-\d\d-\d\d$/, "($ || 'T00:00:00Z')::timestamptz"],
  datetime: ["date-time", "timestamptz", /^\d{4}-\d\d-\d\dT/, "$::timestamptz"],
};

function listField({ key, type }: CustomFieldDefinition): ListField {
  const text = (alias: string) => `(${alias}.${customFieldsName} ->> '${key}')`;
  const [kind, stored, pattern, as] = kinds[type] ?? ["text", "text"];
  return {
    ...{ name: customFieldName(key), kind, type: stored },
    ...{ target: null, join: null, isNullable: true, choices: [], parts: null },
    // What is left of an earlier field of the same key need not be of this type.
    place: (alias) =>
      pattern && as
        ? `(case when ${text(alias)} ~ '${pattern.source}' then ${as.replace("$", () => text(alias))} end)`
        : text(alias),
  };
}
