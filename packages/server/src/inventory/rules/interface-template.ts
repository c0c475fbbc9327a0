import type { HubRules } from "./hub-rules.ts";
import { checkLinks } from "./interface-link.ts";

export const interfaceTemplateRules: HubRules = {
  afterWrite: ({ client }, pending) => checkLinks(client, "interface_templates", pending),
};
