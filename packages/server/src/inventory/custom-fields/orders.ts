// What custom fields sort a list by.
import { customFieldName } from "@plumbline/models";
import type { ListField } from "../lists/list.ts";
import { type CustomFieldDefinition, customFieldsName } from "./definitions.ts";

/** A field for each custom field whose values have an order: several words, or JSON, have none. */
export function customFieldOrders(
  definitions: readonly CustomFieldDefinition[],
): readonly ListField[] {
  return definitions.flatMap(({ key, type }) => {
    if (type === "multi-select" || type === "json") return [];
    const value = (alias: string) => `(${alias}.${customFieldsName} ->> '${key}')`;
    const field: ListField = {
      ...{ name: customFieldName(key), kind: "text", type: "text", isNullable: true, choices: [] },
      ...{ target: null, join: null, parts: null },
      place: (alias) => {
        // What is left of an earlier field of the same key need not be a number.
        if (type === "integer") {
          return `(case when ${value(alias)} ~ '^-?\\d+$' then ${value(alias)}::numeric end)`;
        }
        // Days and moments are stored in a form whose order is theirs.
        return type === "date" || type === "datetime"
          ? `(${value(alias)} collate "C")`
          : value(alias);
      },
    };
    return field;
  });
}
