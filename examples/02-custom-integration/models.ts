// Models of one's own, for systems whose objects the hub does not have.
import { boolean, choice, defineModel, ref, text } from "@plumbline/sync";

export const Site = defineModel("site", {
  key: { name: text() },
  fields: { region: text().nullable() },
});

export const Rack = defineModel("rack", {
  key: { site: ref("site"), name: text() }, // a reference also orders the writes: sites first
  fields: { kind: choice("floor", "wall"), isLocked: boolean().default(false) },
});
