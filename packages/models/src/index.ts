import { customFieldHubModel } from "./custom-field.ts";
import { customFieldChoiceHubModel } from "./custom-field-choice.ts";
import { deviceHubModel } from "./device.ts";
import { deviceTypeHubModel } from "./device-type.ts";
import { interfaceHubModel } from "./interface.ts";
import { interfaceTemplateHubModel } from "./interface-template.ts";
import { ipAddressHubModel } from "./ip-address.ts";
import { ipAddressToInterfaceHubModel } from "./ip-address-to-interface.ts";
import { locationHubModel } from "./location.ts";
import { locationTypeHubModel } from "./location-type.ts";
import { manufacturerHubModel } from "./manufacturer.ts";
import { namespaceHubModel } from "./namespace.ts";
import { platformHubModel } from "./platform.ts";
import { prefixHubModel } from "./prefix.ts";
import { rackHubModel } from "./rack.ts";
import { rackGroupHubModel } from "./rack-group.ts";
import { rirHubModel } from "./rir.ts";
import { roleHubModel } from "./role.ts";
import { statusHubModel } from "./status.ts";
import { tagHubModel } from "./tag.ts";
import { tenantHubModel } from "./tenant.ts";
import { tenantGroupHubModel } from "./tenant-group.ts";
import { vlanHubModel } from "./vlan.ts";
import { vlanGroupHubModel } from "./vlan-group.ts";
import { vrfHubModel } from "./vrf.ts";
import type { Model } from "@plumbline/sync";
import type { HubModel } from "./hub-model.ts";

export { defineHubModel } from "./hub-model.ts";
export type {
  DeclaredFilter,
  FilterPath,
  HubModel,
  ModelGroup,
  RelatedTable,
  RestForm,
} from "./hub-model.ts";
export { CustomField } from "./custom-field.ts";
export { customFieldKey, customFieldName } from "./custom-field-name.ts";
export { CustomFieldChoice } from "./custom-field-choice.ts";
export { Device } from "./device.ts";
export { DeviceType } from "./device-type.ts";
export {
  copperInterfaceTypes,
  virtualInterfaceTypes,
  wirelessInterfaceTypes,
} from "./interface-fields.ts";
export { Interface } from "./interface.ts";
export { InterfaceTemplate } from "./interface-template.ts";
export { IPAddress } from "./ip-address.ts";
export { IPAddressToInterface } from "./ip-address-to-interface.ts";
export { Location } from "./location.ts";
export { LocationType } from "./location-type.ts";
export { Manufacturer } from "./manufacturer.ts";
export { Namespace } from "./namespace.ts";
export { Platform } from "./platform.ts";
export { Prefix } from "./prefix.ts";
export { Rack } from "./rack.ts";
export { RackGroup } from "./rack-group.ts";
export { RIR } from "./rir.ts";
export { Role } from "./role.ts";
export { Status } from "./status.ts";
export { Tag } from "./tag.ts";
export { Tenant } from "./tenant.ts";
export { TenantGroup } from "./tenant-group.ts";
export { VLAN } from "./vlan.ts";
export { VLANGroup } from "./vlan-group.ts";
export { VRF } from "./vrf.ts";

/** Every model of the hub, referred to before referring. */
export const hubModels: readonly HubModel[] = [
  statusHubModel,
  roleHubModel,
  tagHubModel,
  customFieldHubModel,
  customFieldChoiceHubModel,
  tenantGroupHubModel,
  tenantHubModel,
  locationTypeHubModel,
  locationHubModel,
  manufacturerHubModel,
  deviceTypeHubModel,
  interfaceTemplateHubModel,
  platformHubModel,
  rackGroupHubModel,
  rackHubModel,
  deviceHubModel,
  namespaceHubModel,
  rirHubModel,
  vlanGroupHubModel,
  vlanHubModel,
  prefixHubModel,
  vrfHubModel,
  interfaceHubModel,
  ipAddressHubModel,
  ipAddressToInterfaceHubModel,
];

/** What jobs sync where nothing is said: every model but the hub's settings. */
export const syncedModels: readonly Model[] = hubModels
  .filter(({ isSetting }) => isSetting !== true)
  .map(({ model }) => model);
