import { defineModel, ref, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name } from "./shared-fields.ts";

export const RackGroup = defineModel("rack_group", {
  label: "Rack group",
  pluralLabel: "Rack groups",
  description: "Racks of a location that stand together: a row, a cage.",
  key: { name: name(), location: ref("location") },
  parent: "parent",
  fields: {
    parent: ref("rack_group").nullable().describe("The group it is in."),
    description: description(),
  },
});

export type RackGroup = RecordOf<typeof RackGroup>;

export const rackGroupHubModel = defineHubModel({
  model: RackGroup,
  group: "Organization",
  contentType: "dcim.rackgroup",
  restPath: "dcim/rack-groups",
  searchFields: ["name", "description"],
  listFields: ["name", "location", "parent", "description"],
  sort: ["name"],
  filters: {
    children: { along: ["rack_group.parent"] },
    has_children: { has: ["rack_group.parent"] },
  },
  tables: [
    {
      model: "rack",
      field: "rack_group",
      columns: ["name", "status", "role", "u_height", "tenant"],
    },
  ],
  rest: { counts: { rack_count: ["rack", "rack_group"] }, display: "{name}" },
});
