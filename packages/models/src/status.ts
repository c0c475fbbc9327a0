import { defineModel, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { color, contentTypes, description, name } from "./shared-fields.ts";

export const Status = defineModel("status", {
  label: "Status",
  plural: "statuses",
  pluralLabel: "Statuses",
  description: "Where an object stands in its life: Active, Planned, Retired.",
  key: { name: name() },
  fields: {
    color: color(),
    description: description(),
    content_types: contentTypes("that may have the status"),
  },
});

export type Status = RecordOf<typeof Status>;

export const statusHubModel = defineHubModel({
  model: Status,
  group: "Extensibility",
  contentType: "extras.status",
  restPath: "extras/statuses",
  searchFields: ["name", "description"],
  listFields: ["name", "color", "content_types", "description"],
  sort: ["name"],
  rest: { required: ["content_types"] },
});
