import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { ModelManifest } from "../../plugins/manifest.ts";
import type {
  actions,
  TreeFilters,
  TreeNode as TreeNodeSchema,
} from "../../rest/declarations/sync.ts";
import { countsThatMatch, readCounts } from "./change-facets.ts";
import { fromChanges, isCounted } from "./change-rows.ts";
import { countOf } from "./conditions.ts";
import type { Condition, Paging, Reader } from "./conditions.ts";

export type TreeNode = z.infer<typeof TreeNodeSchema>;

/** What narrows the tree: the filters of changes that name no place in it. */
export type TreeFilter = z.output<typeof TreeFilters>;

export interface TreeLevel {
  readonly nodes: TreeNode[];
  readonly total: number;
}

interface TreePlace {
  readonly parentModel?: string | undefined;
  readonly parentKey?: string | undefined;
}

/**
 * One level of a plan as a tree: the models; below a model its changed objects whose parent of the same model is
 * not changed itself; below an object its changed children. An object is there once, whatever steps it takes.
 * Filters leave what matches and what that lies below; counts are of what matches.
 */
export async function readTreeLevel(
  reader: Reader,
  models: readonly ModelManifest[],
  syncId: string,
  { parentModel, parentKey }: TreePlace,
  filter: TreeFilter,
  paging: Paging,
): Promise<TreeLevel> {
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (parentModel === undefined) {
    const counts = isCounted(filter)
      ? countsThatMatch(await readCounts(reader, syncId), filter)
      : await countMatches(reader, syncId, filter);
    return modelLevel(reader, models, syncId, sumByModel(counts));
  }
  const isThere =
    parentKey === undefined
      ? sql`ch.model = ${parentModel} and (ch.parent_model is distinct from ch.model or not exists (
              select from sync_change p where p.sync_id = ${syncId} and p.model = ch.parent_model
                 and p.key = ch.parent_key))`
      : sql`ch.parent_model = ${parentModel} and ch.parent_key = ${parentKey}`;
  const page = sql`order by ch.position limit ${paging.limit} offset ${paging.offset}`;
  if (isFiltered) return readMatches(reader, syncId, filter, isThere, page);
  const level = sql`from sync_change ch where ch.sync_id = ${syncId} and ch.step = 1 and ${isThere}`;
  const { nodes } = await readObjects(
    reader,
    syncId,
    sql`page as materialized (select ch.position, ch.model, ch.key, 0 as total ${level} ${page})`,
  );
  return { nodes, total: await countOf(reader, level) };
}

/** From what matches up to the top, and of that the level that is asked for. */
function readMatches(
  reader: Reader,
  syncId: string,
  filter: TreeFilter,
  isThere: Condition,
  page: Condition,
): Promise<TreeLevel> {
  return readObjects(
    reader,
    syncId,
    sql`${matches(syncId, filter)}, above as (
      ${parentsOf(syncId, sql`(select distinct parent_model, parent_key from hit)`)}
      union
      ${parentsOf(syncId, sql`above`)}
    ), page as materialized (
      select ch.position, ch.model, ch.key, count(*) over () as total
        from (select position, model, key, parent_model, parent_key from hit
              union all
              select above.* from above left join hit using (position) where hit.position is null) ch
       where ${isThere} ${page}
    )`,
    sql`join hit on hit.position = below.position`,
  );
}

/** The parents of rows that name theirs. */
function parentsOf(syncId: string, rows: Condition): Condition {
  return sql`select p.position, p.model, p.key, p.parent_model, p.parent_key
               from ${rows} below join sync_change p
                 on p.sync_id = ${syncId} and p.model = below.parent_model and p.key = below.parent_key
                and p.step = 1`;
}

/** The children of rows, each with the root that it is counted at. */
function childrenOf(syncId: string, rows: Condition, root: Condition): Condition {
  return sql`select ${root}, ch.position, ch.model, ch.key, ch.action
               from ${rows} above join sync_change ch
                 on ch.sync_id = ${syncId} and ch.parent_model = above.model and ch.parent_key = above.key
                and ch.step = 1`;
}

/** `hit`: the objects of which a step matches. */
function matches(syncId: string, filter: TreeFilter): Condition {
  const columns = ["position", "model", "key", "parent_model", "parent_key", "action"];
  const of = (alias: string) => sql.join(columns.map((name) => sql.ref(`${alias}.${name}`)));
  return sql`found as materialized (select ${of("ch")}, ch.step ${fromChanges(syncId, filter, { readsAll: true })}),
    hit as materialized (
      select ${of("found")} from found where step = 1
      union all
      select ${of("o")} from (select distinct model, key from found where step <> 1) other
        join sync_change o on o.sync_id = ${syncId} and o.model = other.model and o.key = other.key and o.step = 1
       where not exists (select from found where found.position = o.position)
    )`;
}

type Counts = TreeNode["counts"];

interface ActionCount {
  readonly model: string;
  readonly action: keyof Counts;
  readonly count: number;
}

async function countMatches(
  reader: Reader,
  syncId: string,
  filter: TreeFilter,
): Promise<readonly ActionCount[]> {
  const { rows } = await sql<ActionCount>`
    with ${matches(syncId, filter)}
    select model, action, count(*) as count from hit group by model, action`.execute(reader);
  return rows;
}

function sumByModel(rows: readonly ActionCount[]): Map<string, Counts> {
  const sums = new Map<string, Counts>();
  for (const { model, action, count } of rows) {
    const counts = sums.get(model) ?? { create: 0, update: 0, delete: 0 };
    counts[action] += count;
    sums.set(model, counts);
  }
  return sums;
}

async function modelLevel(
  reader: Reader,
  models: readonly ModelManifest[],
  syncId: string,
  counts: ReadonlyMap<string, Counts>,
): Promise<TreeLevel> {
  const { rows } = await sql<{ model: string }>`
    select model from sync_model where sync_id = ${syncId} order by position`.execute(reader);
  const order = rows.map(({ model }) => model);
  const labels = new Map(models.map((model) => [model.name, model.pluralLabel]));
  const nodes = [...counts]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([model, changed]): TreeNode => ({
      kind: "model",
      model,
      key: null,
      label: labels.get(model) ?? model,
      action: null,
      position: null,
      counts: changed,
      hasChildren: true,
    }));
  return { nodes, total: nodes.length };
}

interface ObjectRow {
  position: number;
  model: string;
  key: string;
  label: string;
  action: (typeof actions)[number];
  create: number;
  update: number;
  delete: number;
  total: number;
}

/**
 * `tables` ends with `page`: the objects of a level, and how many the level has. What lies below each, at any depth,
 * is counted by action; `counted` joins what alone counts.
 */
async function readObjects(
  reader: Reader,
  syncId: string,
  tables: Condition,
  counted: Condition = sql``,
): Promise<TreeLevel> {
  const { rows } = await sql<ObjectRow>`
    with recursive ${tables}, below (root, position, model, key, action) as (
      ${childrenOf(syncId, sql`page`, sql`above.position`)}
      union
      ${childrenOf(syncId, sql`below`, sql`above.root`)}
    ), counts as (
      select root, count(*) filter (where below.action = 'create') as create,
             count(*) filter (where below.action = 'update') as update,
             count(*) filter (where below.action = 'delete') as delete
        from below ${counted} group by root
    )
    select ch.position, ch.model, ch.key, ch.label, ch.action, page.total,
           coalesce(counts.create, 0) as create, coalesce(counts.update, 0) as update,
           coalesce(counts.delete, 0) as delete
      from page join sync_change ch on ch.sync_id = ${syncId} and ch.position = page.position
           left join counts on counts.root = page.position
     order by page.position`.execute(reader);
  const nodes = rows.map((row): TreeNode => ({
    kind: "object",
    model: row.model,
    key: row.key,
    label: row.label,
    action: row.action,
    position: row.position,
    counts: { create: row.create, update: row.update, delete: row.delete },
    hasChildren: row.create + row.update + row.delete > 0,
  }));
  return { nodes, total: rows[0]?.total ?? 0 };
}
