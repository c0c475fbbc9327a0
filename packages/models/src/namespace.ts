import { defineModel, ref, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name, tags, tenancyFilters } from "./shared-fields.ts";

export const Namespace = defineModel("namespace", {
  label: "Namespace",
  pluralLabel: "Namespaces",
  description: "A space in which each prefix and each address stands once.",
  key: { name: name() },
  fields: {
    description: description(),
    location: ref("location").nullable(),
    tenant: ref("tenant").nullable(),
    tags: tags(),
  },
});

export type Namespace = RecordOf<typeof Namespace>;

export const namespaceHubModel = defineHubModel({
  model: Namespace,
  group: "IPAM",
  contentType: "ipam.namespace",
  restPath: "ipam/namespaces",
  searchFields: ["name", "description"],
  listFields: ["name", "description", "location", "tenant", "tags"],
  sort: ["name"],
  filters: tenancyFilters,
});
