import type pg from "pg";
import { format } from "prettier";

/** Tables that are not for the program's queries. */
const leftOut = ["schema_migration"];

const plainTypes: Readonly<Record<string, string>> = {
  bool: "boolean",
  bytea: "Buffer",
  date: "string",
  float4: "number",
  float8: "number",
  int2: "number",
  int4: "number",
  int8: "number",
  json: "Json",
  jsonb: "Json",
  timestamptz: "Timestamp",
};

const header = `// Written from the migrated database by test/database/schema.test.ts; run it with -u after a migration.
import type { ColumnType, GeneratedAlways } from "kysely";

/** A column with a default: it may be left out of an insert. */
type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;

/** Read as a value, written as JSON text: \`pg\` would send an array as a PostgreSQL array. */
type Json = ColumnType<unknown, string, string>;

type Timestamp = ColumnType<Date, Date | string, Date | string>;

/** A column that may be null. */
type Nullable<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S | null, I | null | undefined, U | null>
  : T | null;
`;

type Column = {
  table: string;
  name: string;
  type: string;
  is_array: boolean;
  is_nullable: boolean;
  has_default: boolean;
  is_generated: boolean;
  check_values: string | null;
};

/** The TypeScript source of `schema.ts` for the tables and views that the database has. */
export async function schemaSource(client: pg.ClientBase | pg.Pool): Promise<string> {
  const { rows } = await client.query<Column>(
    `select c.relname as table, a.attname as name,
            case when t.typelem <> 0 and t.typlen = -1 then e.typname else t.typname end as type,
            t.typelem <> 0 and t.typlen = -1 as is_array,
            not a.attnotnull as is_nullable,
            a.atthasdef and a.attgenerated = '' or a.attidentity = 'd' as has_default,
            a.attgenerated <> '' or a.attidentity = 'a' as is_generated,
            (select pg_get_constraintdef(k.oid) from pg_constraint k
              where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
                and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%' limit 1) as check_values
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_type t on t.oid = a.atttypid
       left join pg_type e on e.oid = t.typelem
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
        and c.relname <> all ($1)
      order by c.relname collate "C", a.attnum`,
    [leftOut],
  );
  const tables = Map.groupBy(rows, (column) => column.table);
  const interfaces = [...tables].map(
    ([table, columns]) =>
      `export interface ${interfaceName(table)} {\n${columns.map((column) => `${column.name}: ${columnType(column)};`).join("\n")}\n}\n`,
  );
  const members = [...tables.keys()].map((table) => `${table}: ${interfaceName(table)};`);
  const source = `${header}\n${interfaces.join("\n")}\n/** The tables of a migrated database, for Kysely. */\nexport interface DatabaseSchema {\n${members.join("\n")}\n}\n`;
  return format(source, { parser: "typescript", printWidth: 100 });
}

function columnType(column: Column): string {
  let type = valueType(column);
  if (column.is_array) type = type.includes("|") ? `(${type})[]` : `${type}[]`;
  if (column.is_nullable)
    type = type === "Json" || type === "Timestamp" ? `Nullable<${type}>` : `${type} | null`;
  if (column.is_generated) return `GeneratedAlways<${type}>`;
  return column.has_default ? `Generated<${type}>` : type;
}

/** A `check (column in ('a', 'b'))` narrows a text column to those values. */
function valueType({ type, check_values }: Column): string {
  if (type === "text" && check_values !== null) {
    const values = [...check_values.matchAll(/'((?:[^']|'')*)'::text/g)].map((match) =>
      JSON.stringify(match[1]?.replaceAll("''", "'")),
    );
    if (values.length > 0) return values.join(" | ");
  }
  return plainTypes[type] ?? "string";
}

function interfaceName(table: string): string {
  const name = table.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return `${name}Table`;
}
