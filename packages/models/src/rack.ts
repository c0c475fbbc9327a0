import { boolean, choice, defineModel, integer, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { assetTag, name, serial, tags, tenancyFilters } from "./shared-fields.ts";

export const Rack = defineModel("rack", {
  label: "Rack",
  pluralLabel: "Racks",
  description: "A frame or cabinet that devices are mounted in.",
  key: {
    name: name({ order: "natural" }),
    rack_group: ref("rack_group").nullable(),
    // Racks without a group may share a name; they then stand at different locations.
    location: ref("location"),
  },
  parent: "location",
  secondKeys: ["serial", "asset_tag"],
  fields: {
    status: ref("status"),
    role: ref("role").nullable(),
    tenant: ref("tenant").nullable(),
    facility_id: text({ maxLength: 50 }).nullable().label("Facility ID"),
    serial: serial(),
    asset_tag: assetTag(),
    type: choice(
      "2-post-frame",
      "4-post-frame",
      "4-post-cabinet",
      "wall-frame",
      "wall-frame-vertical",
      "wall-cabinet",
      "wall-cabinet-vertical",
      "other",
    ).nullable(),
    width: choice("10", "19", "21", "23").default("19").describe("Between the rails, in inches."),
    u_height: integer({ min: 1, max: 500 }).default(42).label("Height (U)"),
    desc_units: boolean()
      .default(false)
      .label("Descending units")
      .describe("Whether unit 1 is at the top."),
    outer_width: integer({ min: 0, max: 32767 }).nullable(),
    outer_depth: integer({ min: 0, max: 32767 }).nullable(),
    outer_unit: choice("mm", "in").nullable(),
    comments: text().nullable(),
    tags: tags(),
  },
});

export type Rack = RecordOf<typeof Rack>;

export const rackHubModel = defineHubModel({
  model: Rack,
  group: "Organization",
  contentType: "dcim.rack",
  restPath: "dcim/racks",
  searchFields: ["name", "facility_id", "serial", "asset_tag", "comments"],
  listFields: ["name", "location", "rack_group", "status", "role", "tenant", "u_height", "tags"],
  sort: ["location", "rack_group", "name"],
  filters: tenancyFilters,
  tables: [
    {
      model: "device",
      field: "rack",
      columns: ["position", "face", "name", "role", "status", "device_type"],
    },
  ],
  unique: [["rack_group", "name"], ["rack_group", "facility_id"], ["asset_tag"]],
  rest: {
    counts: { device_count: ["device", "rack"], power_feed_count: null },
    display: "{name} ({facility_id})",
    slugOf: ["name", "rack_group"],
    nullTexts: ["facility_id", "asset_tag"],
    numberChoices: ["width"],
    labels: {
      type: {
        "2-post-frame": "2-post frame",
        "4-post-frame": "4-post frame",
        "4-post-cabinet": "4-post cabinet",
        "wall-frame": "Wall-mounted frame",
        "wall-frame-vertical": "Wall-mounted frame (vertical)",
        "wall-cabinet": "Wall-mounted cabinet",
        "wall-cabinet-vertical": "Wall-mounted cabinet (vertical)",
      },
      width: { 10: "10 inches", 19: "19 inches", 21: "21 inches", 23: "23 inches" },
      outer_unit: { mm: "Millimeters", in: "Inches" },
    },
  },
});
