import { InvalidInputError } from "@plumbline/sync";
import type { CustomFieldDefinition } from "../custom-fields/definitions.ts";
import { readCustomValue } from "../custom-fields/read-value.ts";
import { idsOf } from "../pending-change.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { HubRules } from "./hub-rules.ts";

const withBounds = ["text", "integer", "url", "select", "multi-select", "json", "markdown"];
const withPattern = withBounds.filter((type) => type !== "integer");

type Row = Pick<CustomFieldDefinition, "type" | "default" | "min" | "max" | "regex" | "choices"> & {
  readonly id: string;
};

/** What is wrong with a field: the part of it, and why. */
function faultOf(field: Row): readonly [name: string, why: string] | null {
  const { type, min, max, regex } = field;
  if (min !== null && !withBounds.includes(type)) {
    return ["validation_minimum", "A minimum value may not be set for fields of this type"];
  }
  if (max !== null && !withBounds.includes(type)) {
    return ["validation_maximum", "A maximum value may not be set for fields of this type"];
  }
  if (min !== null && max !== null && min > max) {
    return [
      "validation_maximum",
      `The maximum ${max} is less than the minimum ${min}. Exchange them`,
    ];
  }
  if (regex !== null && !withPattern.includes(type)) {
    return [
      "validation_regex",
      "Regular expression validation is not supported for fields of this type",
    ];
  }
  try {
    if (regex !== null) new RegExp(regex, "u");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return ["validation_regex", `"${regex ?? ""}" is no regular expression: ${why}`];
  }
  try {
    readCustomValue(field, field.default);
    return null;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return ["default", `Invalid default value ${JSON.stringify(field.default)}: ${error.message}`];
  }
}

export const customFieldRules: HubRules = {
  fixedFields: {
    key: "Define another field, and move the values",
    type: "Define another field, and move the values",
  },
  async afterWrite({ client }, pending) {
    const { rows } = await client.query<Row>(
      `select f.id, f.type, f.default_value as "default", f.validation_minimum::float8 as min,
              f.validation_maximum::float8 as max, f.validation_regex as regex,
              array(select c.value from custom_field_choices c where c.custom_field_id = f.id) as choices
         from custom_fields f where f.id = any($1::uuid[])`,
      [idsOf(pending)],
    );
    return rows.flatMap((row): Refusal[] => {
      const fault = faultOf(row);
      return fault === null ? [] : [refuse(row.id, fault[0], null, `${fault[1]}.`)];
    });
  },
};
