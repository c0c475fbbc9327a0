import { defineModel, integer, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";

export const CustomFieldChoice = defineModel("custom_field_choice", {
  label: "Custom field choice",
  pluralLabel: "Custom field choices",
  description: "A value that a custom field of the type select or multi-select can have.",
  key: {
    custom_field: ref("custom_field"),
    value: text({ maxLength: 255 }),
  },
  parent: "custom_field",
  fields: {
    weight: integer({ min: 0, max: 32767 }).default(100).describe("The heavier, the lower it is."),
  },
});

export type CustomFieldChoice = RecordOf<typeof CustomFieldChoice>;

export const customFieldChoiceHubModel = defineHubModel({
  model: CustomFieldChoice,
  group: "Extensibility",
  contentType: "extras.customfieldchoice",
  restPath: "extras/custom-field-choices",
  searchFields: ["value"],
  listFields: ["value", "custom_field", "weight"],
  sort: ["custom_field", "weight", "value"],
  calledAfter: ["custom_field"],
  isSetting: true,
  lacks: ["custom fields", "notes"],
  rest: { display: "{value}" },
});
