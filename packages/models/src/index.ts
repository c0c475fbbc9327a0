import { ipAddressHubModel } from "./ip-address.ts";
import { locationHubModel } from "./location.ts";
import { locationTypeHubModel } from "./location-type.ts";
import type { HubModel } from "./hub-model.ts";
import { namespaceHubModel } from "./namespace.ts";
import { prefixHubModel } from "./prefix.ts";
import { statusHubModel } from "./status.ts";
import { tagHubModel } from "./tag.ts";
import { tenantHubModel } from "./tenant.ts";

export { defineHubModel } from "./hub-model.ts";
export type { HubModel, ModelGroup, RestForm } from "./hub-model.ts";
export { IPAddress } from "./ip-address.ts";
export { Location } from "./location.ts";
export { LocationType } from "./location-type.ts";
export { Namespace } from "./namespace.ts";
export { Prefix } from "./prefix.ts";
export { Status } from "./status.ts";
export { Tag } from "./tag.ts";
export { Tenant } from "./tenant.ts";

/** Every model of the hub, referred to before referring. */
export const hubModels: readonly HubModel[] = [
  statusHubModel,
  tagHubModel,
  tenantHubModel,
  locationTypeHubModel,
  locationHubModel,
  namespaceHubModel,
  prefixHubModel,
  ipAddressHubModel,
];
