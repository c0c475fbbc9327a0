import { defineModel, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name, tags } from "./shared-fields.ts";

export const Tenant = defineModel("tenant", {
  label: "Tenant",
  pluralLabel: "Tenants",
  description: "Whom locations and networks belong to: a customer, a department.",
  key: { name: name() },
  fields: {
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
  listFields: ["name", "description", "tags"],
  sort: ["name"],
});
