import { customFieldChoiceRules } from "./custom-field-choice.ts";
import { customFieldRules } from "./custom-field.ts";
import { deviceTypeRules } from "./device-type.ts";
import { deviceRules } from "./device.ts";
import type { HubRules } from "./hub-rules.ts";
import { interfaceTemplateRules } from "./interface-template.ts";
import { interfaceRules } from "./interface.ts";
import { ipAddressToInterfaceRules } from "./ip-address-to-interface.ts";
import { ipAddressRules } from "./ip-address.ts";
import { locationTypeRules } from "./location-type.ts";
import { locationRules } from "./location.ts";
import { prefixRules } from "./prefix.ts";
import { rackGroupRules } from "./rack-group.ts";
import { rackRules } from "./rack.ts";
import { tenantGroupRules } from "./tenant-group.ts";
import { vlanGroupRules } from "./vlan-group.ts";
import { vlanRules } from "./vlan.ts";
import { vrfRules } from "./vrf.ts";

/** By model name; most models have no rules of their own. */
const rules: Readonly<Record<string, HubRules>> = {
  custom_field: customFieldRules,
  custom_field_choice: customFieldChoiceRules,
  location_type: locationTypeRules,
  location: locationRules,
  prefix: prefixRules,
  ip_address: ipAddressRules,
  tenant_group: tenantGroupRules,
  rack_group: rackGroupRules,
  rack: rackRules,
  device_type: deviceTypeRules,
  interface_template: interfaceTemplateRules,
  device: deviceRules,
  vlan_group: vlanGroupRules,
  vlan: vlanRules,
  vrf: vrfRules,
  interface: interfaceRules,
  ip_address_to_interface: ipAddressToInterfaceRules,
};

export function rulesOf(model: string): HubRules {
  return rules[model] ?? {};
}
