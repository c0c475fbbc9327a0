import { boolean, choice, defineModel, integer, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { tags } from "./shared-fields.ts";

export const DeviceType = defineModel("device_type", {
  label: "Device type",
  pluralLabel: "Device types",
  description: "A product of a manufacturer: how high it is, and which interfaces it comes with.",
  key: {
    manufacturer: ref("manufacturer"),
    model: text({ maxLength: 255 }).describe("The manufacturer's name of it."),
  },
  parent: "manufacturer",
  fields: {
    part_number: text({ maxLength: 255 }).nullable(),
    u_height: integer({ min: 0, max: 32767 })
      .default(1)
      .label("Height (U)")
      .describe("Rack units it takes; 0 where it takes none."),
    is_full_depth: boolean()
      .default(true)
      .label("Full depth")
      .describe("Whether it takes both faces of a rack."),
    subdevice_role: choice("parent", "child", "parent-child")
      .nullable()
      .describe("Whether it has bays for other devices, or sits in one."),
    comments: text().nullable(),
    tags: tags(),
  },
});

export type DeviceType = RecordOf<typeof DeviceType>;

export const deviceTypeHubModel = defineHubModel({
  model: DeviceType,
  group: "Devices",
  contentType: "dcim.devicetype",
  restPath: "dcim/device-types",
  searchFields: ["model", "part_number"],
  listFields: ["model", "manufacturer", "part_number", "u_height", "is_full_depth", "tags"],
  sort: ["manufacturer", "model"],
  filters: {
    interfaces: { has: ["interface_template.device_type"] },
  },
  tables: [
    {
      model: "interface_template",
      field: "device_type",
      columns: ["name", "label", "type", "mgmt_only", "description"],
    },
    {
      model: "device",
      field: "device_type",
      columns: ["name", "status", "role", "location", "serial"],
    },
  ],
  rest: {
    counts: { device_count: ["device", "device_type"] },
    display: "{manufacturer} {model}",
    labels: { subdevice_role: { "parent-child": "Parent and Child" } },
    unkept: { front_image: "string", rear_image: "string", device_family: "reference" },
    emptySets: ["software_image_files"],
  },
});
