import type { HubRules } from "./hub-rules.ts";
import { checkTreeCycles } from "./tree-cycles.ts";

export const tenantGroupRules: HubRules = {
  afterWrite: ({ client }, pending) => checkTreeCycles(client, "tenant_groups", pending),
};
