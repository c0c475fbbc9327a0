import type pg from "pg";

/** A table as PostgreSQL's catalogue describes it; each part by its name, as it would be declared. */
interface TableShape {
  readonly columns: ReadonlyMap<string, ColumnShape>;
  readonly constraints: ReadonlyMap<string, string>;
  readonly indexes: ReadonlyMap<string, string>;
  readonly comment: string | null;
}

interface ColumnShape {
  readonly type: string;
  readonly fallback: string | null;
  /** What the database makes it of. */
  readonly generated: string | null;
  readonly isRequired: boolean;
}

type Row = {
  place: string;
  kind: "column" | "constraint" | "index" | "comment";
  name: string;
  text: string;
  fallback: string | null;
  generated: string | null;
  required: boolean;
};

async function readShapes(
  client: pg.Pool | pg.ClientBase,
  tables: readonly string[],
): Promise<Map<string, TableShape>> {
  const { rows } = await client.query<Row>(
    `with t as (select oid, relname from pg_class
                 where relkind = 'r' and relname = any($1) and relnamespace = 'public'::regnamespace)
     select t.relname as place, 'column' as kind, a.attname as name, a.attnum as at,
            format_type(a.atttypid, a.atttypmod)
              || case when co.collname = 'C' then ' collate "C"' else '' end as text,
            case a.attgenerated when '' then pg_get_expr(d.adbin, d.adrelid) end as fallback,
            case a.attgenerated when 's' then pg_get_expr(d.adbin, d.adrelid) end as generated, a.attnotnull as required
       from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
       left join pg_collation co on co.oid = a.attcollation
     union all
     select t.relname, 'constraint', c.conname, 0, pg_get_constraintdef(c.oid), null, null, false
       from t join pg_constraint c on c.conrelid = t.oid and c.contype <> 'n'
     union all
     select t.relname, 'index', i.relname, 0, pg_get_indexdef(x.indexrelid), null, null, false
       from t join pg_index x on x.indrelid = t.oid join pg_class i on i.oid = x.indexrelid
      where not exists (select from pg_constraint c where c.conindid = i.oid)
     union all
     select t.relname, 'comment', '', 0, obj_description(t.oid, 'pg_class'), null, null, false
       from t where obj_description(t.oid, 'pg_class') is not null
      order by 1, 2, 4, 3`,
    [tables],
  );
  const shapes = new Map<string, TableShape>();
  for (const [place, parts] of Map.groupBy(rows, (row) => row.place)) {
    const texts = (kind: Row["kind"]): Map<string, string> =>
      new Map(parts.filter((row) => row.kind === kind).map(({ name, text }) => [name, text]));
    const columns = parts
      .filter(({ kind }) => kind === "column")
      .map(({ name, text, fallback, generated, required }): [string, ColumnShape] => [
        name,
        { type: text, fallback, generated, isRequired: required },
      ]);
    shapes.set(place, {
      columns: new Map(columns),
      constraints: texts("constraint"),
      indexes: texts("index"),
      comment: texts("comment").get("") ?? null,
    });
  }
  return shapes;
}

/** The functions of a database by their names, each after those it calls; those of extensions left out. */
async function readFunctions(client: pg.Pool | pg.ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; text: string }>(
    `select p.proname as name, pg_get_functiondef(p.oid) as text from pg_proc p
      where p.pronamespace = 'public'::regnamespace
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by p.oid`,
  );
  return new Map(rows.map(({ name, text }) => [name, text]));
}

/** The statements that make the functions of one database that another has. */
async function functionChanges(
  from: pg.Pool | pg.ClientBase,
  to: pg.Pool | pg.ClientBase,
): Promise<string[]> {
  const [before, after] = await Promise.all([readFunctions(from), readFunctions(to)]);
  return [...after].flatMap(([name, text]) => {
    const known = before.get(name);
    if (known === text) return [];
    const make = `${text.trimEnd()};`;
    if (known === undefined) return [make];
    return [
      make,
      `-- By hand: columns that ${name} makes stay as they are until they are made anew.`,
    ];
  });
}

/**
 * The statements that make these tables of one database as they are in another, with the functions that they call
 * first and references last. What would lose data, or needs a value that nobody declared, comes as a comment that begins with "-- By hand".
 */
export async function tableChanges(
  from: pg.Pool | pg.ClientBase,
  to: pg.Pool | pg.ClientBase,
  tables: readonly string[],
): Promise<string[]> {
  const [before, after] = await Promise.all([readShapes(from, tables), readShapes(to, tables)]);
  const statements = await functionChanges(from, to);
  const references: string[] = [];
  for (const name of tables) {
    const wanted = after.get(name);
    if (!wanted) continue;
    const known = before.get(name);
    statements.push(...(known ? alterTable(name, known, wanted) : createTable(name, wanted)));
    const isReference = (text: string): boolean => text.startsWith("FOREIGN KEY");
    for (const [constraint, text] of wanted.constraints) {
      if (known?.constraints.get(constraint) === text) continue;
      if (!known && !isReference(text)) continue;
      const add = `alter table ${name} add constraint ${constraint} ${text};`;
      (isReference(text) ? references : statements).push(add);
    }
    for (const [index, text] of wanted.indexes) {
      if (known?.indexes.get(index) !== text) statements.push(`${text};`);
    }
    if (wanted.comment !== null && known?.comment !== wanted.comment) {
      const comment = wanted.comment.replaceAll("'", "''");
      statements.push(`comment on table ${name} is '${comment}';`);
    }
  }
  return [...statements, ...references];
}

function createTable(name: string, { columns, constraints }: TableShape): string[] {
  const lines = [
    ...[...columns].map(([column, shape]) => declareColumn(column, shape)),
    ...[...constraints]
      .filter(([, text]) => !text.startsWith("FOREIGN KEY"))
      .map(([constraint, text]) => `constraint ${constraint} ${text}`),
  ];
  return [`\ncreate table ${name} (\n  ${lines.join(",\n  ")}\n);`];
}

function declareColumn(
  name: string,
  { type, fallback, generated, isRequired }: ColumnShape,
): string {
  return [
    `${name} ${type}`,
    ...(isRequired ? ["not null"] : []),
    ...(fallback === null ? [] : [`default ${fallback}`]),
    ...(generated === null ? [] : [`generated always as (${generated}) stored`]),
  ].join(" ");
}

function alterTable(table: string, known: TableShape, wanted: TableShape): string[] {
  const alter = `alter table ${table}`;
  const statements: string[] = [];
  for (const kind of ["constraints", "indexes"] as const) {
    for (const [name, text] of known[kind]) {
      if (wanted[kind].get(name) === text) continue;
      statements.push(
        kind === "indexes" ? `drop index ${name};` : `${alter} drop constraint ${name};`,
      );
    }
  }
  for (const [name, column] of wanted.columns) {
    const old = known.columns.get(name);
    if (!old) {
      if (column.isRequired && column.fallback === null && column.generated === null) {
        statements.push(
          `-- By hand: fails where ${table} has rows. Add the column without "not null", fill it, then require it.`,
        );
      }
      statements.push(`${alter} add column ${declareColumn(name, column)};`);
      continue;
    }
    const change = `${alter} alter column ${name}`;
    if (old.generated !== column.generated) {
      statements.push(
        `-- By hand: ${table}.${name} is made in another way. Drop it, add it, and make its indexes anew:`,
        `-- ${alter} add column ${declareColumn(name, column)};`,
      );
    }
    if (old.type !== column.type) {
      statements.push(
        `-- By hand: ${table}.${name} is ${old.type} and should be ${column.type}. Say how its values are converted:`,
        `-- ${change} type ${column.type} using …;`,
      );
    }
    if (old.fallback !== column.fallback) {
      const clause = column.fallback === null ? "drop default" : `set default ${column.fallback}`;
      statements.push(`${change} ${clause};`);
    }
    if (old.isRequired !== column.isRequired) {
      statements.push(`${change} ${column.isRequired ? "set" : "drop"} not null;`);
    }
  }
  for (const name of known.columns.keys()) {
    if (wanted.columns.has(name)) continue;
    if (known.columns.get(name)?.generated !== null) {
      statements.push(`${alter} drop column ${name};`);
      continue;
    }
    statements.push(
      `-- By hand: ${table}.${name} is not declared any more. Dropping it loses its values:`,
      `-- ${alter} drop column ${name};`,
    );
  }
  return statements;
}
