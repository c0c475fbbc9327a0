import { boolean, choice, defineModel, integer, json, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { contentTypes, description } from "./shared-fields.ts";

export const CustomField = defineModel("custom_field", {
  label: "Custom field",
  pluralLabel: "Custom fields",
  description: "A field that objects of some models have beside their own.",
  key: {
    key: text({ pattern: /^[_A-Za-z][_0-9A-Za-z]*$/, maxLength: 255 }).describe(
      "What programs call it: letters, digits and underscores. It stays.",
    ),
  },
  fields: {
    label: text({ maxLength: 255 }).describe("What people call it."),
    type: choice(
      ...(["text", "integer", "boolean", "date", "datetime", "url", "select"] as const),
      ...(["multi-select", "json", "markdown"] as const),
    ).describe("What its values are. It stays."),
    content_types: contentTypes("whose objects have it"),
    grouping: text({ maxLength: 255 }).nullable().describe("The heading it stands under."),
    description: description().describe("What people are told of it."),
    required: boolean().default(false).describe("Whether an object must have a value."),
    filter_logic: choice("loose", "exact", "disabled")
      .default("loose")
      .describe("Whether a filter by it finds a part of the text, the whole, or is not offered."),
    default: json().nullable().describe("What new objects get where nothing is said, as JSON."),
    weight: integer({ min: 0, max: 32767 }).default(100).describe("The heavier, the lower it is."),
    validation_minimum: integer()
      .nullable()
      .label("Minimum value")
      .describe("Of a number; of a text its least length."),
    validation_maximum: integer()
      .nullable()
      .label("Maximum value")
      .describe("Of a number; of a text its greatest length."),
    validation_regex: text({ maxLength: 500 })
      .nullable()
      .label("Pattern")
      .describe("A regular expression that a text must match; ^ and $ bind it to the whole."),
    advanced_ui: boolean()
      .default(false)
      .label("Advanced")
      .describe("For pages that keep apart what is seldom needed."),
  },
});

export type CustomField = RecordOf<typeof CustomField>;

export const customFieldHubModel = defineHubModel({
  model: CustomField,
  group: "Extensibility",
  contentType: "extras.customfield",
  restPath: "extras/custom-fields",
  searchFields: ["key", "label", "description"],
  listFields: ["label", "key", "type", "content_types", "required", "grouping", "description"],
  sort: ["weight", "label"],
  tables: [{ model: "custom_field_choice", field: "custom_field", columns: ["value", "weight"] }],
  isSetting: true,
  lacks: ["custom fields"],
  rest: {
    display: "{label}",
    required: ["content_types"],
    madeFrom: { key: "label" },
    labels: {
      type: {
        boolean: "Boolean (true/false)",
        datetime: "Date/time",
        url: "URL",
        json: "JSON",
        select: "Selection",
        "multi-select": "Multiple selection",
      },
    },
    fixed: { scope_filter: {} },
  },
});
