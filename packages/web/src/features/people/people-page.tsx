import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useModels } from "../../api/use-models.ts";
import { useSeesAll } from "../../api/use-may.ts";
import { ListTable } from "../../components/list-table.tsx";
import { Page, Panel } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { type ListColumn, useListTable } from "../../components/use-list-table.ts";
import {
  type Group,
  groupsQuery,
  mostAccounts,
  namesOf,
  type Permission,
  permissionsQuery,
  type User,
  usersQuery,
} from "./accounts.ts";
import { GroupDialog } from "./group-dialog.tsx";
import { objectTypeChoices } from "./object-type-choices.ts";
import classes from "./people.module.css";
import { PermissionDialog } from "./permission-dialog.tsx";
import { UserDialog } from "./user-dialog.tsx";

/** What a dialog is about; null of a kind for a new one. */
type Open =
  | { readonly user: User | null }
  | { readonly group: Group | null }
  | { readonly permission: Permission | null };

/** Who signs in, and what each may do. */
export function PeoplePage() {
  const [open, setOpen] = useState<Open | null>(null);
  const canEdit = useSeesAll();
  const users = useQuery(usersQuery).data ?? [];
  const groups = useQuery(groupsQuery).data ?? [];
  const close = () => {
    setOpen(null);
  };
  return (
    <Page
      title="People"
      lead="Who signs in, and what each may do. Who is no superuser may do what permissions grant, and nothing else."
    >
      <div className={classes.sections}>
        <Users onOpen={setOpen} canEdit={canEdit} />
        <Permissions onOpen={setOpen} canEdit={canEdit} />
        <Groups onOpen={setOpen} canEdit={canEdit} />
      </div>
      {open && "user" in open && <UserDialog user={open.user} groups={groups} onClose={close} />}
      {open && "group" in open && <GroupDialog group={open.group} onClose={close} />}
      {open && "permission" in open && (
        <PermissionDialog
          permission={open.permission}
          users={users}
          groups={groups}
          onClose={close}
        />
      )}
    </Page>
  );
}

interface SectionProps {
  onOpen: (open: Open) => void;
  /** Whether who looks may change anything. */
  canEdit: boolean;
}

function NewButton(props: { label: string; isMain?: boolean; onClick: () => void }) {
  const { label, isMain = false, onClick } = props;
  return (
    <Button size="xs" variant={isMain ? "filled" : "default"} onClick={onClick}>
      {label}
    </Button>
  );
}

function Users({ onOpen, canEdit }: SectionProps) {
  const users = useQuery({ ...usersQuery, select: pageOf });
  const groups = useQuery(groupsQuery).data;
  const permissions = useQuery(permissionsQuery).data;
  const columns = useMemo(
    (): ListColumn<User>[] => [
      { ...column("name", "Name", true), cell: ({ row }) => row.original.username },
      {
        ...column("may", "May"),
        cell: ({ row: { original: user } }) => <MayWords user={user} permissions={permissions} />,
      },
      {
        ...column("groups", "Groups"),
        cell: ({ row: { original: user } }) => namesOf(user.groups, groups).join(", "),
      },
      {
        ...column("login", "Last signed in"),
        cell: ({ row: { original: user } }) =>
          user.last_login === null ? (
            <span className="quiet">not lately</span>
          ) : (
            <Time at={user.last_login} />
          ),
      },
      ...editColumn<User>(
        canEdit,
        (user) => user.username,
        (user) => {
          onOpen({ user });
        },
      ),
    ],
    [groups, permissions, onOpen, canEdit],
  );
  const table = useListTable({ columns, page: users.data, rowKey, pageSize: mostAccounts });
  return (
    <Panel
      title="Users"
      aside={
        canEdit && (
          <NewButton
            label="New user"
            isMain
            onClick={() => {
              onOpen({ user: null });
            }}
          />
        )
      }
    >
      <ListTable
        label="Users"
        table={table}
        query={users}
        empty={<EmptyState title="There is no user" />}
      />
    </Panel>
  );
}

function MayWords(props: { user: User; permissions: readonly Permission[] | undefined }) {
  const { user, permissions = [] } = props;
  if (!user.is_active) return <span className="quiet">nothing: not active</span>;
  if (user.is_superuser) return "everything";
  const ids = new Set([user.id, ...user.groups.map(({ id }) => id)]);
  const granted = permissions.filter(
    ({ enabled, users, groups }) => enabled && [...users, ...groups].some(({ id }) => ids.has(id)),
  );
  if (granted.length === 0) return <span className="quiet">nothing yet</span>;
  return granted.map(({ name }) => name).join(", ");
}

function Groups({ onOpen, canEdit }: SectionProps) {
  const groups = useQuery({ ...groupsQuery, select: pageOf });
  const columns = useMemo(
    (): ListColumn<Group>[] => [
      { ...column("name", "Name", true), cell: ({ row }) => row.original.name },
      {
        ...column("users", "Users"),
        meta: { isNumber: true },
        cell: ({ row }) => row.original.user_count,
      },
      ...editColumn<Group>(
        canEdit,
        ({ name }) => name,
        (group) => {
          onOpen({ group });
        },
      ),
    ],
    [onOpen, canEdit],
  );
  const table = useListTable({ columns, page: groups.data, rowKey, pageSize: mostAccounts });
  return (
    <Panel
      title="Groups"
      aside={
        canEdit && (
          <NewButton
            label="New group"
            onClick={() => {
              onOpen({ group: null });
            }}
          />
        )
      }
    >
      <ListTable
        label="Groups"
        table={table}
        query={groups}
        empty={
          <EmptyState title="There is no group">
            What several users may do is granted to a group they are in.
          </EmptyState>
        }
      />
    </Panel>
  );
}

function Permissions({ onOpen, canEdit }: SectionProps) {
  const permissions = useQuery({ ...permissionsQuery, select: pageOf });
  const users = useQuery(usersQuery).data;
  const groups = useQuery(groupsQuery).data;
  const models = useModels();
  const columns = useMemo((): ListColumn<Permission>[] => {
    const labels = new Map(
      objectTypeChoices(models, []).flatMap(({ items }) =>
        items.map(({ value, label }) => [value, label] as const),
      ),
    );
    const named = users?.map(({ id, username: name }) => ({ id, name }));
    return [
      {
        ...column("name", "Name", true),
        cell: ({ row: { original: permission } }) =>
          permission.enabled ? (
            permission.name
          ) : (
            <>
              {permission.name} <span className="quiet">(switched off)</span>
            </>
          ),
      },
      {
        ...column("for", "For"),
        cell: ({ row: { original: permission } }) => {
          const all = [...namesOf(permission.users, named), ...namesOf(permission.groups, groups)];
          return all.length > 0 ? all.join(", ") : <span className="quiet">nobody</span>;
        },
      },
      { ...column("may", "May"), cell: ({ row }) => row.original.actions.join(", ") },
      {
        ...column("objects", "Objects of"),
        cell: ({ row }) =>
          row.original.object_types.map((type) => labels.get(type) ?? type).join(", "),
      },
      {
        ...column("constraints", "Only those that meet"),
        cell: ({ row: { original: permission } }) =>
          permission.constraints === null ? (
            <span className="quiet">all of them</span>
          ) : (
            <code className={classes.code}>{JSON.stringify(permission.constraints)}</code>
          ),
      },
      ...editColumn<Permission>(
        canEdit,
        ({ name }) => name,
        (permission) => {
          onOpen({ permission });
        },
      ),
    ];
  }, [models, users, groups, onOpen, canEdit]);
  const table = useListTable({ columns, page: permissions.data, rowKey, pageSize: mostAccounts });
  return (
    <Panel
      title="Permissions"
      aside={
        canEdit && (
          <NewButton
            label="New permission"
            onClick={() => {
              onOpen({ permission: null });
            }}
          />
        )
      }
    >
      <ListTable
        label="Permissions"
        table={table}
        query={permissions}
        empty={
          <EmptyState title="There is no permission">
            Until one grants it, who is no superuser may do nothing.
          </EmptyState>
        }
      />
    </Panel>
  );
}

function column(id: string, header: string, grows = false) {
  return { id, header, ...(grows && { meta: { grows } }) };
}

function editColumn<Row extends object>(
  canEdit: boolean,
  nameOf: (row: Row) => string,
  onEdit: (row: Row) => void,
): ListColumn<Row>[] {
  if (!canEdit) return [];
  return [
    {
      ...column("edit", ""),
      cell: ({ row: { original } }) => (
        <Button
          size="xs"
          variant="default"
          aria-label={`Edit ${nameOf(original)}`}
          onClick={() => {
            onEdit(original);
          }}
        >
          Edit
        </Button>
      ),
    },
  ];
}

function rowKey({ id }: { readonly id: string }): string {
  return id;
}

function pageOf<Row>(items: Row[]) {
  return { items, total: items.length, limit: mostAccounts, offset: 0 };
}
