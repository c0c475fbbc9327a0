import { defineModel, json, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name } from "./shared-fields.ts";

export const Platform = defineModel("platform", {
  label: "Platform",
  pluralLabel: "Platforms",
  description: "The system that devices run: IOS, EOS, Junos.",
  key: { name: name() },
  fields: {
    manufacturer: ref("manufacturer")
      .nullable()
      .describe("Only devices of this manufacturer may run it."),
    network_driver: text({ maxLength: 255 })
      .nullable()
      .describe("What automation knows it by, as in cisco_ios."),
    napalm_driver: text({ maxLength: 255 }).nullable().label("NAPALM driver"),
    napalm_args: json().nullable().label("NAPALM arguments"),
    description: description(),
  },
});

export type Platform = RecordOf<typeof Platform>;

export const platformHubModel = defineHubModel({
  model: Platform,
  group: "Devices",
  contentType: "dcim.platform",
  restPath: "dcim/platforms",
  searchFields: ["name", "network_driver", "description"],
  listFields: ["name", "manufacturer", "network_driver", "description"],
  sort: ["name"],
  rest: {
    counts: { device_count: ["device", "platform"], virtual_machine_count: null },
    fixed: { network_driver_mappings: {} },
  },
});
