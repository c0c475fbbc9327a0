import type { PermittedAction } from "../../auth/access.ts";
import { narrowed } from "../../inventory/lists/narrowed.ts";
import type { Permits } from "../../inventory/permits.ts";
import { type Refused, refuse } from "./refused.ts";
import type { Resource, Resources } from "./resource.ts";

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
  resources: Resources,
  resource: Resource,
  action: PermittedAction | null,
): Resource {
  if (permits === null || action === null) return resource;
  const condition = permits(resource.contentType, action);
  if (condition === "false") throw notPermitted();
  const source = narrowed(resource.source, condition);
  const about = aboutObjects[resource.name];
  const others = resources.all.filter(({ name }) => name !== resource.name);
  return { ...resource, source: about ? ofSeen(permits, others, source, ...about) : source };
}

/** Where records say which object they are about: they are for who may view that. */
const aboutObjects: Readonly<Record<string, readonly [type: string, id: string]>> = {
  note: ["assigned_object_type", "assigned_object_id"],
  object_change: ["changed_object_type", "changed_object_id"],
};

/** Those records of a source that are about objects which may be viewed, of notes those on such objects. */
function ofSeen(
  permits: Permits,
  all: readonly Resource[],
  source: string,
  type: string,
  id: string,
): string {
  const seen = all.flatMap(({ name, contentType, source: whole }) => {
    const condition = permits(contentType, "view");
    if (condition === "false") return [];
    const isOfType = `o.${type} = '${contentType}'`;
    const about = aboutObjects[name];
    const others = all.filter((other) => other.name !== name);
    const objects = about ? ofSeen(permits, others, whole, ...about) : whole;
    return condition === null && !about
      ? isOfType
      : `${isOfType} and exists (select from ${objects} t where t.id = o.${id} and ${condition ?? "true"})`;
  });
  const condition = seen.length === 0 ? "false" : seen.map((one) => `(${one})`).join(" or ");
  return `(select o.* from ${source} o where ${condition})`;
}

/** The lists with what somebody may view of them. */
export function seenBy(permits: Permits | null, resources: Resources): Resources {
  if (permits === null) return resources;
  const see = (resource: Resource): Resource => ({
    ...resource,
    source: narrowed(resource.source, permits(resource.contentType, "view")),
  });
  return {
    ...resources,
    get all() {
      return resources.all.map(see);
    },
    get: (name) => see(resources.get(name)),
  };
}
