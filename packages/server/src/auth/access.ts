// What a user may do: everything, or what permissions grant.
import type pg from "pg";

export const permittedActions = ["view", "add", "change", "delete", "run"] as const;

export type PermittedAction = (typeof permittedActions)[number];

/** Lookups that an object must meet: `{"location__name": "Berlin", "name__startswith": "sw"}`. */
export type Constraint = Readonly<Record<string, unknown>>;

export interface Grant {
  /** "dcim.device" */
  readonly objectTypes: readonly string[];
  readonly actions: readonly string[];
  /** One of which an object must meet; empty for every object. */
  readonly constraints: readonly Constraint[];
}

export interface Access {
  /** May do everything. */
  readonly isSuperuser: boolean;
  readonly grants: readonly Grant[];
}

export interface AccessRow {
  readonly is_superuser: boolean;
  readonly grants:
    | readonly {
        readonly object_types: readonly string[];
        readonly actions: readonly string[];
        readonly constraints: Constraint | readonly Constraint[] | null;
      }[]
    | null;
}

/** What is read of rows `u` of users for `accessOf`. */
export const accessColumns = `u.is_superuser, case when not u.is_superuser then (
  select json_agg(json_build_object('object_types', p.object_types, 'actions', p.actions, 'constraints', p.constraints))
    from object_permission p
   where p.enabled
     and (exists (select from object_permission_user m where m.permission_id = p.id and m.user_id = u.id)
          or exists (select from object_permission_group g join auth_group_user m on m.group_id = g.group_id
                      where g.permission_id = p.id and m.user_id = u.id))) end as grants`;

export function accessOf({ is_superuser: isSuperuser, grants }: AccessRow): Access {
  return {
    isSuperuser,
    grants: (grants ?? []).map(({ object_types: objectTypes, actions, constraints }) => ({
      ...{ objectTypes, actions },
      constraints: constraints === null ? [] : [constraints].flat(),
    })),
  };
}

/** What a user may do now; null for one who may not sign in any more. */
export async function readAccess(
  pool: Pick<pg.Pool, "query">,
  userId: string,
): Promise<Access | null> {
  const { rows } = await pool.query<AccessRow>(
    `select ${accessColumns} from auth_user u where u.id = $1 and u.is_active`,
    [userId],
  );
  return rows[0] === undefined ? null : accessOf(rows[0]);
}

/** What allows the action on objects of a type; empty where nothing does. */
export function grantsFor(
  { grants }: Access,
  objectType: string,
  action: PermittedAction,
): readonly Grant[] {
  return grants.filter(
    (grant) => grant.objectTypes.includes(objectType) && grant.actions.includes(action),
  );
}

/** Which actions are allowed on some objects at least, by type. */
export function actionsByType({ grants }: Access): Record<string, PermittedAction[]> {
  const byType = new Map<string, Set<PermittedAction>>();
  for (const { objectTypes, actions } of grants) {
    const known = permittedActions.filter((action) => actions.includes(action));
    for (const type of objectTypes) {
      byType.set(type, new Set([...(byType.get(type) ?? []), ...known]));
    }
  }
  return Object.fromEntries([...byType].map(([type, actions]) => [type, [...actions]]));
}

/** Whether constraints leave every object. */
export function isEveryObject(constraints: readonly Constraint[]): boolean {
  return constraints.length === 0 || constraints.some((one) => Object.keys(one).length === 0);
}

/** Whether the action is allowed on every object of the type. */
export function mayAll(access: Access, objectType: string, action: PermittedAction): boolean {
  return (
    access.isSuperuser ||
    grantsFor(access, objectType, action).some(({ constraints }) => isEveryObject(constraints))
  );
}

/** Whether the action is allowed on any object of the type at all. */
export function mayAny(access: Access, objectType: string, action: PermittedAction): boolean {
  return access.isSuperuser || grantsFor(access, objectType, action).length > 0;
}
