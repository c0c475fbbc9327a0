import { choice, defineModel, integer, json, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { assetTag, name, serial, tags, tenancyFilters } from "./shared-fields.ts";

/** Of an interface of the device, and so to be written once that has it. */
const primaryAddress = () =>
  ref("ip_address")
    .nullable()
    .after("ip_address_to_interface")
    .describe(
      "The address it is managed at; one of its interfaces, or what it translates to, has it.",
    );

export const Device = defineModel("device", {
  label: "Device",
  pluralLabel: "Devices",
  description: "A switch, a router, a server: what stands at a location and has interfaces.",
  key: {
    name: name({ order: "natural" }).nullable(),
    tenant: ref("tenant").nullable(),
    location: ref("location"),
  },
  parent: "location",
  secondKeys: ["serial", "asset_tag"],
  fields: {
    device_type: ref("device_type"),
    status: ref("status"),
    role: ref("role"),
    platform: ref("platform").nullable(),
    serial: serial(),
    asset_tag: assetTag(),
    rack: ref("rack").nullable(),
    position: integer({ min: 1, max: 32767 })
      .nullable()
      .label("Position (U)")
      .describe("The lowest unit of the rack that it takes."),
    face: choice("front", "rear").nullable().describe("The face of the rack it is mounted at."),
    primary_ip4: primaryAddress().label("Primary IPv4"),
    primary_ip6: primaryAddress().label("Primary IPv6"),
    local_config_context_data: json().nullable().label("Local context"),
    comments: text().nullable(),
    tags: tags(),
  },
});

export type Device = RecordOf<typeof Device>;

export const deviceHubModel = defineHubModel({
  model: Device,
  group: "Devices",
  contentType: "dcim.device",
  restPath: "dcim/devices",
  searchFields: ["name", "serial", "asset_tag", "device_type.manufacturer", "comments"],
  listFields: [
    "name",
    "status",
    "role",
    "device_type",
    "location",
    "tenant",
    "rack",
    "platform",
    "primary_ip4",
    "serial",
    "tags",
  ],
  sort: ["name"],
  filters: {
    ...tenancyFilters,
    has_ip_addresses: { has: ["interface.device__ip_address_to_interface.interface"] },
    has_primary_ip: { has: ["primary_ip4", "primary_ip6"] },
    ip_addresses: {
      along: ["interface.device__ip_address_to_interface.interface__ip_address"],
    },
    is_full_depth: { along: ["device_type__is_full_depth"] },
    mac_address: { along: ["interface.device__mac_address"] },
    manufacturer: { along: ["device_type__manufacturer"] },
    rack_group: { along: ["rack__rack_group"] },
  },
  tables: [
    {
      model: "interface",
      field: "device",
      columns: [
        "name",
        "status",
        "enabled",
        "type",
        "lag",
        "mode",
        "untagged_vlan",
        "mac_address",
        "description",
      ],
      linked: {
        label: "IP addresses",
        model: "ip_address_to_interface",
        field: "interface",
        shows: "ip_address",
      },
    },
  ],
  unique: [["asset_tag"], ["rack", "position", "face"]],
  rest: {
    display: "{name}",
    nullTexts: ["name", "asset_tag"],
    unkept: {
      ...{ virtual_chassis: "reference", vc_position: "integer", vc_priority: "integer" },
      ...{ device_redundancy_group: "reference", device_redundancy_group_priority: "integer" },
      ...{ software_version: "reference", secrets_group: "reference", parent_bay: "reference" },
      ...{ controller_managed_device_group: "reference", local_config_context_schema: "reference" },
      local_config_context_data_owner_content_type: "reference",
      local_config_context_data_owner_object_id: "string",
    },
    emptySets: ["software_image_files", "clusters"],
  },
});
