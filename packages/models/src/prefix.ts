import {
  choice,
  dateTime,
  defineModel,
  integer,
  prefix,
  ref,
  type RecordOf,
  set,
} from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, tags, tenancyFilters } from "./shared-fields.ts";

export const Prefix = defineModel("prefix", {
  label: "Prefix",
  plural: "prefixes",
  pluralLabel: "Prefixes",
  description: "A network of a namespace, in CIDR notation.",
  key: {
    namespace: ref("namespace").default('["Global"]'),
    prefix: prefix(),
  },
  parent: "namespace",
  fields: {
    type: choice("container", "network", "pool").default("network"),
    status: ref("status"),
    role: ref("role").nullable(),
    tenant: ref("tenant").nullable(),
    vlan: ref("vlan").nullable().label("VLAN"),
    rir: ref("rir").nullable().label("RIR").describe("The registry that allocated it."),
    locations: set(ref("location")).default([]),
    date_allocated: dateTime().nullable().describe("When it was allocated or reserved."),
    description: description(),
    tags: tags(),
    parent: ref("prefix")
      .nullable()
      .derived()
      .describe("The smallest prefix of the namespace that contains it."),
    ip_version: integer({ min: 4, max: 6 }).derived().label("IP version"),
  },
});

export type Prefix = RecordOf<typeof Prefix>;

export const prefixHubModel = defineHubModel({
  model: Prefix,
  group: "IPAM",
  contentType: "ipam.prefix",
  restPath: "ipam/prefixes",
  searchFields: ["prefix", "description"],
  listFields: [
    "prefix",
    "namespace",
    "type",
    "status",
    "role",
    "tenant",
    "locations",
    "description",
    "tags",
  ],
  sort: ["prefix"],
  filters: {
    ...tenancyFilters,
    ancestors: { tree: "parent", takes: "above" },
    has_rir: { has: ["rir"] },
    max_depth: { tree: "parent", takes: "levels" },
    prefix_and_descendants: { tree: "parent", takes: "below" },
    present_in_vrf: { along: ["vrf.prefixes"] },
    present_in_vrf_id: { along: ["vrf.prefixes"] },
    vlan_vid: { along: ["vlan__vid"] },
  },
  tables: [
    {
      model: "prefix",
      field: "parent",
      columns: ["prefix", "type", "status", "role", "vlan", "description"],
    },
    {
      model: "ip_address",
      field: "parent",
      columns: ["host", "type", "status", "role", "dns_name", "description"],
    },
  ],
  rest: {
    display: "{prefix}: {namespace}",
    single: { location: "locations" },
    reverse: { vrfs: ["vrf", "prefixes"] },
    nestedSets: ["vrfs"],
  },
});
