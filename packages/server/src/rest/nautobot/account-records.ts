// Who signs in, and who may do what.
import { ref, set } from "@plumbline/sync";
import { type AccountKind, accountKinds } from "../../auth/accounts.ts";
import { setField } from "../../inventory/lists/table-list.ts";
import { readOnlyField } from "./hub-resources.ts";
import { count, flag, json, moment, type RecordDeclaration, text, texts } from "./record-fields.ts";
import type { RestField } from "./resource.ts";

const maxLengths: Readonly<Record<string, number>> = { username: 150, name: 150, description: 255 };

export const accountRecords: readonly RecordDeclaration[] = [
  {
    ...{ name: "user", path: "users/users", contentType: "users.user" },
    ...{ label: "User", pluralLabel: "Users", description: "People who sign in." },
    select: `select u.id, u.name as display, coalesce(u.username, u.name) as username, '' as first_name,
                    '' as last_name, '' as email, u.is_active, u.is_staff, u.is_superuser,
                    (select max(s.created_at) from auth_session s where s.user_id = u.id) as last_login,
                    u.created_at as date_joined, array[coalesce(u.username, u.name)] as natural_key from auth_user u`,
    fields: [
      written(text("username"), { isRequired: true }),
      ...[text("first_name"), text("last_name"), text("email")],
      ...[flag("is_active"), flag("is_staff"), flag("is_superuser")].map((flag) => written(flag)),
      ...[moment("last_login", true), moment("date_joined")],
      ...members("user"),
    ],
    searchFields: ["username"],
    sort: ["username"],
    secrets: ["password"],
    // Is the user's own: /api/users/config/.
    fixed: { config_data: {} },
    isWritten: true,
  },
  {
    ...{ name: "group", path: "users/groups", contentType: "auth.group" },
    ...{ label: "Group", pluralLabel: "Groups" },
    description: "Users that are granted something together.",
    select: `select g.id, g.name as display, g.name, array[g.name] as natural_key,
                    (select count(*)::integer from auth_group_user m where m.group_id = g.id) as user_count
               from auth_group g`,
    fields: [written(text("name"), { isRequired: true }), count("user_count")],
    searchFields: ["name"],
    sort: ["name"],
    isWritten: true,
  },
  {
    ...{ name: "object_permission", path: "users/permissions" },
    ...{ contentType: "users.objectpermission", label: "Permission", pluralLabel: "Permissions" },
    description: "What users and groups may do with which objects.",
    select: `select p.*, p.name as display, array[p.name] as natural_key from object_permission p`,
    fields: [
      written(text("name"), { isRequired: true }),
      ...[text("description"), flag("enabled"), json("constraints")].map((field) => written(field)),
      ...[texts("object_types"), texts("actions")].map((field) =>
        written(field, { isRequired: true }),
      ),
      ...[moment("created"), moment("last_updated")],
      ...members("object_permission"),
    ],
    searchFields: ["name", "description"],
    sort: ["name"],
    isWritten: true,
  },
];

function written(field: RestField, { isRequired = false } = {}): RestField {
  return { ...field, isReadOnly: false, isRequired, maxLength: maxLengths[field.name] ?? null };
}

/** The sets of an account's members, where they are stored. */
function members(kind: AccountKind): RestField[] {
  return Object.entries(accountKinds[kind].members).map(([name, stored]) => {
    const { table, ownColumn: ownerColumn, memberColumn, kind: target } = stored;
    const field = set(ref(target));
    const join = { name, table, ownerColumn, memberColumn, target, field };
    return written(readOnlyField(setField(join)));
  });
}
