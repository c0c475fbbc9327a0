import { boolean, defineModel, ref, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { contentTypes, description, name } from "./shared-fields.ts";

export const LocationType = defineModel("location_type", {
  label: "Location type",
  pluralLabel: "Location types",
  description: "A level of the tree of locations: Country, Site, Room.",
  key: { name: name() },
  parent: "parent",
  fields: {
    parent: ref("location_type")
      .nullable()
      .describe("The type that locations of this type sit under."),
    description: description(),
    content_types: contentTypes("that may be attached to locations of the type"),
    nestable: boolean()
      .default(false)
      .describe("Whether a location of the type may sit under another of the same type."),
  },
});

export type LocationType = RecordOf<typeof LocationType>;

export const locationTypeHubModel = defineHubModel({
  model: LocationType,
  group: "Organization",
  contentType: "dcim.locationtype",
  restPath: "dcim/location-types",
  searchFields: ["name", "description"],
  listFields: ["name", "parent", "nestable", "content_types", "description"],
  sort: ["name"],
});
