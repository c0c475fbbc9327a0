import { boolean, defineModel, ref, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { interfaceTypeLabels, portTypeLabels } from "./interface-labels.ts";
import { duplex, interfaceType, portType, speed } from "./interface-fields.ts";
import { description, label, name } from "./shared-fields.ts";

export const InterfaceTemplate = defineModel("interface_template", {
  label: "Interface template",
  pluralLabel: "Interface templates",
  description:
    "An interface that devices of a type come with. A sync makes no interfaces of it: those are records of their own.",
  key: { device_type: ref("device_type"), name: name({ order: "interface" }) },
  parent: "device_type",
  fields: {
    label: label(),
    type: interfaceType(),
    port_type: portType(),
    mgmt_only: boolean().default(false).label("Management only"),
    speed: speed(),
    duplex: duplex(),
    description: description(),
  },
});

export type InterfaceTemplate = RecordOf<typeof InterfaceTemplate>;

export const interfaceTemplateHubModel = defineHubModel({
  model: InterfaceTemplate,
  group: "Devices",
  contentType: "dcim.interfacetemplate",
  restPath: "dcim/interface-templates",
  searchFields: ["name", "label", "description"],
  listFields: ["name", "device_type", "label", "type", "mgmt_only", "description"],
  sort: ["device_type", "name"],
  calledAfter: ["device_type"],
  rest: {
    display: "{name} ({label})",
    slugOf: ["device_type", "module_manufacturer", "module_type", "name"],
    plainChoices: ["duplex"],
    labels: { type: interfaceTypeLabels, port_type: portTypeLabels },
    fixed: { notes_url: null },
    unkept: { module_type: "reference" },
  },
  lacks: ["notes"],
});
