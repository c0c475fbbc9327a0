import type { PermittedAction } from "../../auth/access.ts";
import { narrowed } from "../../inventory/lists/narrowed.ts";
import type { Permits } from "../../inventory/permits.ts";
import { type Refused, refuse } from "./refused.ts";
import type { Resource } from "./resource.ts";

export function notPermitted(): Refused {
  return refuse(403, "You do not have permission to perform this action.");
}

/** What a method does to the objects it is for; null for one that only describes them. */
export function actionOf(method: string): PermittedAction | null {
  return method === "OPTIONS" ? null : (actions[method] ?? "view");
}

const actions: Readonly<Record<string, PermittedAction>> = {
  POST: "add",
  PUT: "change",
  PATCH: "change",
  DELETE: "delete",
};

/** The resource with the objects that the action is allowed on. @throws Refused where it is allowed on none */
export function permitted(
  permits: Permits | null,
  resource: Resource,
  action: PermittedAction | null,
): Resource {
  if (permits === null || action === null) return resource;
  const condition = permits(resource.contentType, action);
  if (condition === "false") throw notPermitted();
  return { ...resource, source: narrowed(resource.source, condition) };
}
