// Users, groups and permissions as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { send } from "../../api/client.ts";

interface Named {
  readonly id: string;
}

export interface User {
  readonly id: string;
  readonly username: string;
  readonly is_active: boolean;
  readonly is_superuser: boolean;
  readonly last_login: string | null;
  readonly groups: readonly Named[];
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly user_count: number;
}

export interface Permission {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly object_types: readonly string[];
  readonly actions: readonly string[];
  readonly constraints: unknown;
  readonly users: readonly Named[];
  readonly groups: readonly Named[];
}

/** They all fit on one page. */
export const mostAccounts = 1000;

function accountsQuery<Row>(kind: "users" | "groups" | "permissions") {
  return queryOptions({
    queryKey: ["people", kind],
    queryFn: async () => {
      const path = `/api/users/${kind}/?limit=${mostAccounts}&exclude_m2m=false`;
      return (await send<{ results: Row[] }>("GET", path)).results;
    },
  });
}

export const usersQuery = accountsQuery<User>("users");
export const groupsQuery = accountsQuery<Group>("groups");
export const permissionsQuery = accountsQuery<Permission>("permissions");

/** The names of those that are referred to, in their order. */
export function namesOf(
  members: readonly Named[],
  all: readonly (Named & { readonly name: string })[] | undefined,
): string[] {
  const ids = new Set(members.map(({ id }) => id));
  return (all ?? []).filter(({ id }) => ids.has(id)).map(({ name }) => name);
}
