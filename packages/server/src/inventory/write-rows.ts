import type { Queryable } from "./inventory.ts";
import { customFieldsName } from "./custom-fields/definitions.ts";
import { definitions } from "./key-lookup.ts";
import { idsOf, type PendingChange } from "./pending-change.ts";
import { bareType, type Join, type StoredColumn, type Table } from "./table.ts";

/** The columns of the fields, and that of the custom ones. */
function writtenColumns({ columns, hasCustomFields }: Table): readonly StoredColumn[] {
  return hasCustomFields ? [...columns, { column: customFieldsName, type: "jsonb" }] : columns;
}

/** Inserts the rows of creates, with their sets of references. */
export async function insertRows(
  client: Queryable,
  table: Table,
  pending: readonly PendingChange[],
): Promise<void> {
  const columns = writtenColumns(table);
  const names = ["id", ...columns.map(({ column }) => column)].join(", ");
  const rows = table.hasCustomFields
    ? pending.map(({ row }) => ({ [customFieldsName]: {}, ...row }))
    : pending.map(({ row }) => row);
  await client.query(
    `insert into ${table.name} (${names})
     select ${names} from json_to_recordset($1::json) as r(id uuid, ${definitions(columns)})`,
    [JSON.stringify(rows)],
  );
  for (const join of table.joins) await insertMembers(client, join, pending);
}

/** Updates the columns that each change names, and no others. */
export async function updateRows(
  client: Queryable,
  table: Table,
  pending: readonly PendingChange[],
): Promise<void> {
  const columns = writtenColumns(table).filter(({ column }) =>
    pending.some(({ row }) => column in row),
  );
  const assignments = columns.map(
    ({ column }) =>
      `${column} = case when '${column}' = any(r.touched) then r.${column} else t.${column} end`,
  );
  const types = columns.map((column) => `, ${column.column} ${bareType(column)}`).join("");
  await client.query(
    `update ${table.name} t
        set ${[...assignments, "version = t.version + 1", "last_updated = now()"].join(", ")}
       from json_to_recordset($1::json) as r(id uuid, touched text[]${types})
      where t.id = r.id`,
    [JSON.stringify(pending.map(({ row }) => ({ ...row, touched: Object.keys(row) })))],
  );
  for (const join of table.joins) {
    const owners = pending.filter(({ members }) => members.has(join.name));
    if (owners.length === 0) continue;
    await client.query(`delete from ${join.table} where ${join.ownerColumn} = any($1::uuid[])`, [
      idsOf(owners),
    ]);
    await insertMembers(client, join, owners);
  }
}

export async function deleteRows(
  client: Queryable,
  table: Table,
  pending: readonly PendingChange[],
): Promise<void> {
  await client.query(`delete from ${table.name} where id = any($1::uuid[])`, [idsOf(pending)]);
}

async function insertMembers(
  client: Queryable,
  join: Join,
  pending: readonly PendingChange[],
): Promise<void> {
  const owners: string[] = [];
  const members: string[] = [];
  for (const { id, members: sets } of pending) {
    for (const member of sets.get(join.name) ?? []) {
      owners.push(id);
      members.push(member);
    }
  }
  if (owners.length === 0) return;
  await client.query(
    `insert into ${join.table} (${join.ownerColumn}, ${join.memberColumn})
     select * from unnest($1::uuid[], $2::uuid[])`,
    [owners, members],
  );
}
