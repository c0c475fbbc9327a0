import { defineModel, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { color, contentTypes, description, name } from "./shared-fields.ts";

export const Tag = defineModel("tag", {
  label: "Tag",
  pluralLabel: "Tags",
  description: "A word attached to objects to find them together.",
  key: { name: name() },
  fields: {
    color: color(),
    description: description(),
    content_types: contentTypes("that may carry the tag"),
  },
});

export type Tag = RecordOf<typeof Tag>;

export const tagHubModel = defineHubModel({
  model: Tag,
  group: "Extensibility",
  contentType: "extras.tag",
  restPath: "extras/tags",
  searchFields: ["name"],
  listFields: ["name", "color", "content_types", "description"],
  sort: ["name"],
  rest: { required: ["content_types"], counts: { tagged_items: ["*", "tags"] } },
});
