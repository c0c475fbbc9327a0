import { defineModel, integer, ref, type RecordOf, set } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name, tags, tenancyFilters } from "./shared-fields.ts";

export const VLAN = defineModel("vlan", {
  label: "VLAN",
  pluralLabel: "VLANs",
  description: "A virtual network on switches, known by its number.",
  key: {
    vlan_group: ref("vlan_group").nullable().label("VLAN group"),
    vid: integer({ min: 1, max: 4094 }).label("VID"),
    // VLANs without a group may share a number; they then have different names.
    name: name(),
  },
  parent: "vlan_group",
  fields: {
    status: ref("status"),
    role: ref("role").nullable(),
    tenant: ref("tenant").nullable(),
    locations: set(ref("location")).default([]),
    description: description(),
    tags: tags(),
  },
});

export type VLAN = RecordOf<typeof VLAN>;

export const vlanHubModel = defineHubModel({
  model: VLAN,
  group: "IPAM",
  contentType: "ipam.vlan",
  restPath: "ipam/vlans",
  searchFields: ["name", "vid", "description"],
  listFields: [
    "vid",
    "name",
    "vlan_group",
    "status",
    "role",
    "tenant",
    "locations",
    "description",
    "tags",
  ],
  sort: ["vlan_group", "vid"],
  filters: {
    ...tenancyFilters,
    available_on_device: { reach: "locations", of: "device", at: "location" },
    has_interfaces: { has: ["interface.untagged_vlan", "interface.tagged_vlans"] },
    interfaces: { along: ["interface.untagged_vlan", "interface.tagged_vlans"] },
  },
  tables: [
    { model: "prefix", field: "vlan", columns: ["prefix", "status", "role", "description"] },
    {
      model: "interface",
      field: "untagged_vlan",
      columns: ["name", "device", "status", "mode", "description"],
    },
    {
      model: "interface",
      field: "tagged_vlans",
      columns: ["name", "device", "status", "mode", "description"],
    },
  ],
  unique: [
    ["vlan_group", "vid"],
    ["vlan_group", "name"],
  ],
  rest: {
    counts: { prefix_count: ["prefix", "vlan"] },
    display: "{name} ({vid})",
    slugOf: [],
    single: { location: "locations" },
  },
});
