import { defineModel, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name } from "./shared-fields.ts";

export const Manufacturer = defineModel("manufacturer", {
  label: "Manufacturer",
  pluralLabel: "Manufacturers",
  description: "Who makes devices.",
  key: { name: name() },
  fields: { description: description() },
});

export type Manufacturer = RecordOf<typeof Manufacturer>;

export const manufacturerHubModel = defineHubModel({
  model: Manufacturer,
  group: "Devices",
  contentType: "dcim.manufacturer",
  restPath: "dcim/manufacturers",
  searchFields: ["name", "description"],
  listFields: ["name", "description"],
  sort: ["name"],
  tables: [
    {
      model: "device_type",
      field: "manufacturer",
      columns: ["model", "part_number", "u_height", "is_full_depth"],
    },
  ],
  rest: {
    counts: {
      cloud_account_count: null,
      device_type_count: ["device_type", "manufacturer"],
      inventory_item_count: null,
      platform_count: ["platform", "manufacturer"],
    },
  },
});
