import {
  boolean,
  choice,
  defineModel,
  integer,
  mac,
  ref,
  type RecordOf,
  set,
} from "@plumbline/sync";
import { interfaceTypeLabels, portTypeLabels } from "./interface-labels.ts";
import { defineHubModel } from "./hub-model.ts";
import {
  duplex,
  interfaceType,
  physicalInterfaceTypes,
  portType,
  speed,
  virtualInterfaceTypes,
  wirelessInterfaceTypes,
} from "./interface-fields.ts";
import { description, label, name, tags } from "./shared-fields.ts";

export const Interface = defineModel("interface", {
  label: "Interface",
  pluralLabel: "Interfaces",
  description: "A port of a device, or a virtual interface on it.",
  key: { device: ref("device"), name: name({ order: "interface" }) },
  parent: "device",
  fields: {
    label: label(),
    status: ref("status"),
    role: ref("role").nullable(),
    enabled: boolean().default(true),
    type: interfaceType(),
    port_type: portType(),
    mac_address: mac().nullable().label("MAC address"),
    mtu: integer({ min: 1, max: 65536 }).nullable().label("MTU"),
    speed: speed(),
    duplex: duplex(),
    mgmt_only: boolean().default(false).label("Management only"),
    mode: choice("access", "tagged", "tagged-all").nullable().label("802.1Q mode"),
    untagged_vlan: ref("vlan").nullable().label("Untagged VLAN"),
    tagged_vlans: set(ref("vlan")).default([]).label("Tagged VLANs"),
    vrf: ref("vrf").nullable().label("VRF"),
    lag: ref("interface").nullable().label("LAG").describe("The bundle it is a member of."),
    parent_interface: ref("interface")
      .nullable()
      .describe("The interface that a virtual one runs over."),
    bridge: ref("interface").nullable().describe("The bridge it belongs to."),
    description: description(),
    tags: tags(),
  },
});

export type Interface = RecordOf<typeof Interface>;

export const interfaceHubModel = defineHubModel({
  model: Interface,
  group: "Devices",
  contentType: "dcim.interface",
  restPath: "dcim/interfaces",
  searchFields: ["name", "label", "description"],
  listFields: [
    "name",
    "device",
    "status",
    "label",
    "enabled",
    "type",
    "mac_address",
    "description",
    "tags",
  ],
  sort: ["device", "name"],
  filters: {
    bridged_interfaces: { along: ["interface.bridge"] },
    child_interfaces: { along: ["interface.parent_interface"] },
    has_bridged_interfaces: { has: ["interface.bridge"] },
    has_child_interfaces: { has: ["interface.parent_interface"] },
    has_ip_addresses: { has: ["ip_address_to_interface.interface"] },
    has_member_interfaces: { has: ["interface.lag"] },
    has_tagged_vlans: { has: ["tagged_vlans"] },
    ip_addresses: { along: ["ip_address_to_interface.interface__ip_address"] },
    kind: {
      of: "type",
      groups: {
        physical: physicalInterfaceTypes,
        virtual: virtualInterfaceTypes,
        wireless: wirelessInterfaceTypes,
      },
    },
    location: { along: ["device__location"] },
    member_interfaces: { along: ["interface.lag"] },
    vlan: { along: ["untagged_vlan__vid", "tagged_vlans__vid"] },
    vlan_id: { along: ["untagged_vlan", "tagged_vlans"] },
  },
  tables: [
    {
      model: "ip_address_to_interface",
      field: "interface",
      columns: ["ip_address", "is_primary", "is_secondary", "is_preferred"],
    },
    {
      model: "interface",
      field: "lag",
      columns: ["name", "status", "enabled", "type", "description"],
    },
  ],
  calledAfter: ["device"],
  rest: {
    counts: { ip_address_count: ["ip_address_to_interface", "interface"] },
    display: "{name} ({label})",
    slugOf: ["device", "module", "name"],
    reverse: { ip_addresses: ["ip_address_to_interface", "interface", "ip_address"] },
    labels: {
      mode: { "tagged-all": "Tagged (All)" },
      type: interfaceTypeLabels,
      port_type: portTypeLabels,
    },
    fixed: {
      ...{ cable: null, cable_peer: null, cable_peer_type: null },
      ...{ connected_endpoint: null, connected_endpoint_type: null },
      connected_endpoint_reachable: null,
    },
    unkept: { module: "reference", breakout_position: "integer" },
  },
});
