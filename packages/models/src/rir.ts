import { boolean, defineModel, type RecordOf } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name } from "./shared-fields.ts";

export const RIR = defineModel("rir", {
  label: "RIR",
  pluralLabel: "RIRs",
  description: "A registry that hands out networks: RIPE, ARIN, RFC 1918.",
  key: { name: name() },
  fields: {
    is_private: boolean()
      .default(false)
      .label("Private")
      .describe("Whether its networks are not routed in the Internet."),
    description: description(),
  },
});

export type RIR = RecordOf<typeof RIR>;

export const rirHubModel = defineHubModel({
  model: RIR,
  group: "IPAM",
  contentType: "ipam.rir",
  restPath: "ipam/rirs",
  searchFields: ["name", "description"],
  listFields: ["name", "is_private", "description"],
  sort: ["name"],
  rest: { counts: { assigned_prefix_count: ["prefix", "rir"] } },
});
