import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { sessionQuery } from "./queries.ts";
import type { components } from "./schema.d.ts";

type SessionUser = components["schemas"]["SessionUser"];
export type PermittedAction = NonNullable<SessionUser["may"][string]>[number];

/** What runs are kept as: who may look at them, and do something with them, is told by these types. */
export const objectTypes = {
  job: "extras.job",
  jobLog: "extras.joblogentry",
  jobResult: "extras.jobresult",
  note: "extras.note",
  objectChange: "extras.objectchange",
  sync: "nautobot_ssot.sync",
  syncLog: "nautobot_ssot.synclogentry",
  user: "users.user",
} as const;

/** Whether an action is allowed on some objects of a type at least: `may("dcim.device", "add")`. */
export type May = (objectType: string | null, action: PermittedAction) => boolean;

/** What who is signed in may do; whoever is not, nothing. */
export function useMay(): May {
  const { data } = useQuery(sessionQuery);
  const user = data?.user ?? null;
  return useMemo(() => mayOf(user), [user]);
}

export function mayOf(user: Pick<SessionUser, "isSuperuser" | "may"> | null): May {
  return (objectType, action) => {
    if (user === null) return false;
    if (user.isSuperuser) return true;
    return objectType !== null && (user.may[objectType]?.includes(action) ?? false);
  };
}

/** Whether no object is hidden from who is signed in: a list that is empty is empty then. */
export function useSeesAll(): boolean {
  return useQuery(sessionQuery).data?.user?.isSuperuser ?? false;
}

/** Whether the dashboard is for who is signed in: it tells of jobs and of their runs. */
export function maySeeDashboard(may: May): boolean {
  return may(objectTypes.job, "view") && may(objectTypes.sync, "view");
}

/** In the server's words; for what is refused before it is asked. */
export function neededPermission(objectType: string | null, action: PermittedAction): string {
  const permission = `${action} ${objectType ?? "it"}`;
  return `You may not do this: it needs a permission to ${permission}. An administrator grants it.`;
}
