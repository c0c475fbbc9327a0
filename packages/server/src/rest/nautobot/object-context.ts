import type { Database } from "../../database/connect.ts";
import type { Author } from "../../inventory/audit.ts";
import type { CustomFieldIndex } from "../../inventory/custom-fields/definitions.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Permits } from "../../inventory/permits.ts";
import type { filtersOf } from "../../inventory/lists/filters.ts";
import type { Included, RenderOptions } from "./render-object.ts";
import type { Resource, Resources } from "./resource.ts";
import type { AnswerFormat } from "./versions.ts";

/** What a request about a resource's objects is answered with. */
export interface ObjectContext {
  readonly database: Database;
  readonly inventory: Inventory;
  readonly resources: Resources;
  readonly resource: Resource;
  readonly filters: ReturnType<typeof filtersOf>;
  readonly query: URLSearchParams;
  readonly origin: string;
  readonly format: AnswerFormat;
  readonly author: Author;
  /** What the user may do; null for everything. */
  readonly permits: Permits | null;
  readonly customFields: CustomFieldIndex;
}

/** Objects alone: what they refer to is named and not shown. */
export function withoutRelated(objects: ObjectContext, showsSets: boolean): RenderOptions {
  const { resources, origin, customFields } = objects;
  return {
    ...{ resources, origin, customFields, depth: 0, showsSets, counts: null },
    ...{ related: new Map(), includes: new Set<Included>(), references: new Map() },
  };
}
