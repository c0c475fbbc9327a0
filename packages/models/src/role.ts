import { defineModel, integer, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { color, contentTypes, description, name } from "./shared-fields.ts";

export const Role = defineModel("role", {
  label: "Role",
  pluralLabel: "Roles",
  description: "What an object is for: Access switch, Loopback, Guest network.",
  key: { name: name() },
  fields: {
    color: color(),
    description: description(),
    content_types: contentTypes("that may have the role"),
    weight: integer({ min: 0 }).nullable().describe("Lighter roles come first in lists."),
  },
});

export type Role = RecordOf<typeof Role>;

export const roleHubModel = defineHubModel({
  model: Role,
  group: "Extensibility",
  contentType: "extras.role",
  restPath: "extras/roles",
  searchFields: ["name"],
  listFields: ["name", "color", "content_types", "weight", "description"],
  sort: ["weight", "name"],
  filters: { content_types: { anyIn: "content_types" } },
  rest: { required: ["content_types"] },
});
