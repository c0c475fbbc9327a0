// Which permission the pages' API asks for jobs, runs and syncs. What concerns objects of the inventory is asked where
// they are read and written.
import { type Access, mayAll, mayAny, type PermittedAction } from "../auth/access.ts";
import { RequestError } from "./errors.ts";
import { readMethods } from "./read-methods.ts";

/** What a path is about, the first that fits. */
const about: readonly (readonly [path: RegExp, ...objectTypes: readonly string[]])[] = [
  [/^\/api\/ssot\/dashboard/, "extras.job", "nautobot_ssot.sync"],
  [/^\/api\/ssot\/(logs|syncs\/[^/]+\/logs)/, "nautobot_ssot.synclogentry"],
  [/^\/api\/ssot\/(syncs|jobs\/[^/]+\/syncs)/, "nautobot_ssot.sync"],
  [/^\/api\/ssot\/job-results\/[^/]+\/logs/, "extras.joblogentry"],
  [/^\/api\/ssot\/job-results/, "extras.jobresult"],
  [/^\/api\/ssot\//, "extras.job"],
];

/** @throws RequestError where the user may not do what a request asks */
export function checkPermission(access: Access, method: string, path: string): void {
  const [, ...objectTypes] = about.find(([pattern]) => pattern.test(path)) ?? [null];
  if (objectTypes.length === 0) return;
  const deletes = method === "DELETE" || path === "/api/ssot/syncs/delete";
  const acts = !readMethods.has(method) && !deletes;
  // Whatever is done with a run or its plan is a matter of who may run jobs.
  if (acts) assertMayAll(access, "extras.job", "run");
  for (const objectType of objectTypes) {
    // The answer tells of the run: it is for who may look at it. A job that may be run need not be seen.
    if (!acts || objectType !== "extras.job") {
      assertMayAll(access, objectType, deletes ? "delete" : "view");
    }
  }
}

/** @throws RequestError where the action is allowed on no object of the type */
export function assertMay(access: Access, objectType: string, action: PermittedAction): void {
  if (!mayAny(access, objectType, action)) throw needed(objectType, action);
}

/** Jobs, runs and syncs are not told apart by constraints. */
function assertMayAll(access: Access, objectType: string, action: PermittedAction): void {
  if (!mayAll(access, objectType, action)) throw needed(objectType, action);
}

function needed(objectType: string, action: PermittedAction): RequestError {
  return new RequestError(
    "not-allowed",
    `You may not do this: it needs a permission to ${action} ${objectType}. An administrator grants it.`,
  );
}
