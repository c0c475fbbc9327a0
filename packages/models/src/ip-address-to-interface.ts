import { boolean, defineModel, ref, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";

const flag = () => boolean().default(false);

export const IPAddressToInterface = defineModel("ip_address_to_interface", {
  label: "IP address assignment",
  plural: "ip_address_assignments",
  pluralLabel: "IP address assignments",
  description: "An address on an interface.",
  key: { ip_address: ref("ip_address").label("IP address"), interface: ref("interface") },
  parent: "interface",
  fields: {
    is_source: flag().label("Source"),
    is_destination: flag().label("Destination"),
    is_default: flag().label("Default"),
    is_preferred: flag().label("Preferred"),
    is_primary: flag().label("Primary"),
    is_secondary: flag().label("Secondary"),
    is_standby: flag().label("Standby"),
  },
});

export type IPAddressToInterface = RecordOf<typeof IPAddressToInterface>;

export const ipAddressToInterfaceHubModel = defineHubModel({
  model: IPAddressToInterface,
  group: "IPAM",
  contentType: "ipam.ipaddresstointerface",
  restPath: "ipam/ip-address-to-interface",
  searchFields: [],
  listFields: ["ip_address", "interface", "is_primary", "is_secondary", "is_preferred"],
  sort: ["ip_address", "interface"],
  rest: { unkept: { vm_interface: "reference" }, writeOnly: ["created", "last_updated"] },
  lacks: ["custom fields", "notes"],
});
