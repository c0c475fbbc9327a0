import type { HubRules } from "./hub-rules.ts";
import { ipAddressRules } from "./ip-address.ts";
import { locationRules } from "./location.ts";
import { locationTypeRules } from "./location-type.ts";
import { prefixRules } from "./prefix.ts";

/** By model name; most models have no rules of their own. */
const rules: Readonly<Record<string, HubRules>> = {
  location_type: locationTypeRules,
  location: locationRules,
  prefix: prefixRules,
  ip_address: ipAddressRules,
};

export function rulesOf(model: string): HubRules {
  return rules[model] ?? {};
}
