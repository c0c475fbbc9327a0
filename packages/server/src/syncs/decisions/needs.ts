import type pg from "pg";

interface ReferencePath {
  readonly model: string;
  readonly path: string;
  readonly target: string;
}

/**
 * Fills the temporary table `need`: the change at `position` may be applied only where the one at `needs` is.
 * What refers to an object needs its create, or the update that gives it the name meant; the delete of an
 * object needs that whatever refers to it is deleted, or lets go of it.
 */
export async function stageNeeds(
  client: pg.ClientBase,
  syncId: string,
  wanted: "all" | "deletes",
): Promise<void> {
  await client.query("create temporary table need (position bigint, needs bigint) on commit drop");
  const { rows: paths } = await client.query<ReferencePath>(
    `select m.model, r.path, r.target from sync_model m
            cross join lateral jsonb_to_recordset(m.reference_paths) as r(path text, target text)
      where m.sync_id = $1`,
    [syncId],
  );
  const planned = await readPlanned(client, syncId);
  for (const reference of paths) {
    if (planned.has(`delete ${reference.target}`)) await stageDeletes(client, syncId, reference);
    if (wanted === "deletes") continue;
    if (planned.has(`create ${reference.target}`)) await stageCreates(client, syncId, reference);
    if (planned.has(`update ${reference.target}`)) await stageRenames(client, syncId, reference);
  }
  await stageSteps(client, syncId);
  await client.query("create index on need (needs); create index on need (position); analyze need");
}

/** Which actions the plan holds of which models: "create device". */
async function readPlanned(client: pg.ClientBase, syncId: string): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    "select action || ' ' || model as name from sync_count where sync_id = $1 and planned > 0",
    [syncId],
  );
  return new Set(rows.map(({ name }) => name));
}

async function stageCreates(
  client: pg.ClientBase,
  syncId: string,
  { model, path, target }: ReferencePath,
): Promise<void> {
  await client.query(
    `insert into need
     select distinct c.position, p.position from sync_change c
            cross join lateral jsonb_path_query(c.after, $3::jsonpath) as reference
            join sync_change p on p.sync_id = $1 and p.model = $4 and p.action = 'create'
              and p.key = reference #>> '{}'
      where c.sync_id = $1 and c.model = $2 and c.after is not null and c.position <> p.position`,
    [syncId, model, path, target],
  );
}

async function stageRenames(
  client: pg.ClientBase,
  syncId: string,
  { model, path, target }: ReferencePath,
): Promise<void> {
  await client.query(
    `insert into need
     select distinct c.position, p.position from sync_change p
            join sync_change c on c.sync_id = $1 and c.model = $2 and c.after is not null
            cross join lateral jsonb_path_query(c.after, $3::jsonpath) as reference
      where p.sync_id = $1 and p.model = $4 and p.renamed_to is not null
        and p.renamed_to = reference #>> '{}' and c.position <> p.position`,
    [syncId, model, path, target],
  );
}

async function stageDeletes(
  client: pg.ClientBase,
  syncId: string,
  { model, path, target }: ReferencePath,
): Promise<void> {
  await client.query(
    `insert into need
     select distinct p.position, c.position from sync_change c
            cross join lateral jsonb_path_query(c.before, $3::jsonpath) as reference
            join sync_change p on p.sync_id = $1 and p.model = $4 and p.action = 'delete'
              and p.key = reference #>> '{}'
      where c.sync_id = $1 and c.model = $2 and c.before is not null and c.position <> p.position`,
    [syncId, model, path, target],
  );
}

/** Rows beside an object's change: a second step needs the first; a delete and what empties it need each other. */
async function stageSteps(client: pg.ClientBase, syncId: string): Promise<void> {
  await client.query(
    `insert into need
     select beside.position, c.position
       from sync_change beside join sync_change c
            on c.sync_id = beside.sync_id and c.model = beside.model and c.key = beside.key and c.step = 1
      where beside.sync_id = $1 and beside.step <> 1
     union
     select c.position, beside.position
       from sync_change beside join sync_change c
            on c.sync_id = beside.sync_id and c.model = beside.model and c.key = beside.key and c.step = 1
      where beside.sync_id = $1 and beside.step = 0`,
    [syncId],
  );
}
