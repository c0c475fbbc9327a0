import { defineModel, ref, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name } from "./shared-fields.ts";

export const TenantGroup = defineModel("tenant_group", {
  label: "Tenant group",
  pluralLabel: "Tenant groups",
  description: "Tenants that belong together; groups may stand in groups.",
  key: { name: name() },
  parent: "parent",
  fields: {
    parent: ref("tenant_group").nullable().describe("The group it is in."),
    description: description(),
  },
});

export type TenantGroup = RecordOf<typeof TenantGroup>;

export const tenantGroupHubModel = defineHubModel({
  model: TenantGroup,
  group: "Organization",
  contentType: "tenancy.tenantgroup",
  restPath: "tenancy/tenant-groups",
  searchFields: ["name", "description"],
  listFields: ["name", "parent", "description"],
  sort: ["name"],
  filters: {
    children: { along: ["tenant_group.parent"] },
    has_children: { has: ["tenant_group.parent"] },
  },
  rest: { counts: { tenant_count: ["tenant", "tenant_group"] } },
});
