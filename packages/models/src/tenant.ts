import { defineModel, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name, tags } from "./shared-fields.ts";

export const Tenant = defineModel("tenant", {
  label: "Tenant",
  pluralLabel: "Tenants",
  description: "Whom locations and networks belong to: a customer, a department.",
  key: { name: name() },
  fields: {
    tenant_group: ref("tenant_group").nullable(),
    description: description(),
    comments: text().nullable(),
    tags: tags(),
  },
});

export type Tenant = RecordOf<typeof Tenant>;

export const tenantHubModel = defineHubModel({
  model: Tenant,
  group: "Organization",
  contentType: "tenancy.tenant",
  restPath: "tenancy/tenants",
  searchFields: ["name", "description"],
  listFields: ["name", "tenant_group", "description", "tags"],
  sort: ["name"],
  rest: {
    counts: {
      circuit_count: null,
      cluster_count: null,
      device_count: ["device", "tenant"],
      ipaddress_count: ["ip_address", "tenant"],
      namespace_count: ["namespace", "tenant"],
      prefix_count: ["prefix", "tenant"],
      rack_count: ["rack", "tenant"],
      virtualmachine_count: null,
      vlan_count: ["vlan", "tenant"],
      vrf_count: ["vrf", "tenant"],
    },
  },
});
