import { defineModel, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name, tags } from "./shared-fields.ts";

export const VLANGroup = defineModel("vlan_group", {
  label: "VLAN group",
  pluralLabel: "VLAN groups",
  description: "VLANs among which each number and each name stands once.",
  key: { name: name() },
  fields: {
    location: ref("location").nullable(),
    range: text({ maxLength: 255, pattern: /\d+(-\d+)?(,\d+(-\d+)?)*/ })
      .default("1-4094")
      .describe("Numbers its VLANs may have: 1-100,200."),
    description: description(),
    tags: tags(),
  },
});

export type VLANGroup = RecordOf<typeof VLANGroup>;

export const vlanGroupHubModel = defineHubModel({
  model: VLANGroup,
  group: "IPAM",
  contentType: "ipam.vlangroup",
  restPath: "ipam/vlan-groups",
  searchFields: ["name", "description"],
  listFields: ["name", "location", "range", "description", "tags"],
  sort: ["name"],
  tables: [
    {
      model: "vlan",
      field: "vlan_group",
      columns: ["vid", "name", "status", "role", "tenant", "description"],
    },
  ],
  rest: { counts: { vlan_count: ["vlan", "vlan_group"] } },
});
