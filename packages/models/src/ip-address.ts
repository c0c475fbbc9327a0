import { choice, defineModel, integer, ipAddress, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, tags, tenancyFilters } from "./shared-fields.ts";

// Labels of letters, digits, hyphens and underscores; the first may be the wildcard.
const hostName = /^(\*|[a-z0-9_-]+)(\.[a-z0-9_-]+)*\.?$/;

export const IPAddress = defineModel("ip_address", {
  label: "IP address",
  plural: "ip_addresses",
  pluralLabel: "IP addresses",
  description:
    "An address of a host; stands once in its namespace, under the smallest prefix there that contains it.",
  key: {
    namespace: ref("namespace").through("parent").describe("The namespace of its parent prefix."),
    host: ipAddress().describe("The address without its mask; cannot change."),
  },
  parent: "namespace",
  fields: {
    mask_length: integer({ min: 0, max: 128 }),
    type: choice("dhcp", "host", "slaac").default("host"),
    status: ref("status"),
    role: ref("role").nullable(),
    tenant: ref("tenant").nullable(),
    nat_inside: ref("ip_address").nullable().label("NAT inside"),
    dns_name: text({ maxLength: 255, fold: "lower", pattern: hostName })
      .nullable()
      .label("DNS name"),
    description: description(),
    tags: tags(),
    parent: ref("prefix")
      .derived()
      .describe("The smallest prefix of the namespace that contains it."),
    ip_version: integer({ min: 4, max: 6 }).derived().label("IP version"),
  },
});

export type IPAddress = RecordOf<typeof IPAddress>;

export const ipAddressHubModel = defineHubModel({
  model: IPAddress,
  group: "IPAM",
  contentType: "ipam.ipaddress",
  restPath: "ipam/ip-addresses",
  searchFields: ["host", "dns_name", "description"],
  listFields: [
    "host",
    "mask_length",
    "namespace",
    "type",
    "status",
    "role",
    "tenant",
    "dns_name",
    "description",
    "tags",
  ],
  sort: ["host"],
  filters: {
    ...tenancyFilters,
    device: { along: ["ip_address_to_interface.ip_address__interface__device"] },
    has_interface_assignments: { has: ["ip_address_to_interface.ip_address"] },
    has_nat_inside: { has: ["nat_inside"] },
    interfaces: { along: ["ip_address_to_interface.ip_address__interface"] },
    present_in_vrf: { along: ["parent__vrf.prefixes"] },
    present_in_vrf_id: { along: ["parent__vrf.prefixes"] },
    vrfs: { along: ["parent__vrf.prefixes"] },
  },
  tables: [
    {
      model: "ip_address_to_interface",
      field: "ip_address",
      columns: ["interface", "is_primary", "is_secondary", "is_preferred"],
    },
  ],
  rest: {
    display: "{address}",
    plainChoices: ["type"],
    joined: { address: ["host", "mask_length"] },
    writeOnly: ["namespace"],
    labels: { type: { dhcp: "DHCP", slaac: "SLAAC" } },
    reverse: {
      interfaces: ["ip_address_to_interface", "ip_address", "interface"],
      nat_outside_list: ["ip_address", "nat_inside"],
    },
    emptySets: ["vm_interfaces"],
    nestedSets: ["interfaces", "nat_outside_list", "vm_interfaces"],
  },
});
