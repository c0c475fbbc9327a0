import { defineModel, ref, type RecordOf, set, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name, tags, tenancyFilters } from "./shared-fields.ts";

export const VRF = defineModel("vrf", {
  label: "VRF",
  pluralLabel: "VRFs",
  description: "A routing table of its own, on devices that take part in it.",
  key: {
    namespace: ref("namespace").default('["Global"]'),
    rd: text({ maxLength: 21 }).nullable().label("Route distinguisher"),
    // VRFs without a route distinguisher are told apart by it.
    name: name(),
  },
  parent: "namespace",
  fields: {
    status: ref("status").nullable(),
    tenant: ref("tenant").nullable(),
    devices: set(ref("device")).default([]).describe("Whose interfaces may be in it."),
    prefixes: set(ref("prefix")).default([]),
    description: description(),
    tags: tags(),
  },
});

export type VRF = RecordOf<typeof VRF>;

export const vrfHubModel = defineHubModel({
  model: VRF,
  group: "IPAM",
  contentType: "ipam.vrf",
  restPath: "ipam/vrfs",
  searchFields: ["name", "rd", "description"],
  listFields: ["name", "rd", "namespace", "status", "tenant", "description", "tags"],
  sort: ["namespace", "name", "rd"],
  filters: {
    ...tenancyFilters,
    device: { along: ["devices"] },
    prefix: { along: ["prefixes"] },
  },
  tables: [
    {
      model: "interface",
      field: "vrf",
      columns: ["name", "device", "status", "type", "description"],
    },
  ],
  unique: [["namespace", "rd"]],
  rest: {
    display: "{namespace}: ({name})",
    slugOf: ["namespace", "rd"],
    nullTexts: ["rd"],
    emptySets: ["virtual_machines", "virtual_device_contexts", "import_targets", "export_targets"],
  },
});
