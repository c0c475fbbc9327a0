import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { ModelManifest } from "../../plugins/manifest.ts";
import type { actions, TreeNode as TreeNodeSchema } from "../../rest/declarations/sync.ts";
import { countOf } from "./conditions.ts";
import type { Condition, Paging, Reader } from "./conditions.ts";

export type TreeNode = z.infer<typeof TreeNodeSchema>;

export interface TreeLevel {
  readonly nodes: TreeNode[];
  readonly total: number;
}

/**
 * One level of a plan as a tree: the models; below a model its changed objects whose parent of the same
 * model is not changed itself; below an object its changed children.
 */
export async function readTreeLevel(
  reader: Reader,
  models: readonly ModelManifest[],
  syncId: string,
  parent: { readonly parentModel?: string | undefined; readonly parentKey?: string | undefined },
  paging: Paging,
): Promise<TreeLevel> {
  const { parentModel, parentKey } = parent;
  if (parentModel === undefined) return readModels(reader, models, syncId);
  const where =
    parentKey === undefined
      ? sql`ch.sync_id = ${syncId} and ch.model = ${parentModel}
            and (ch.parent_model is distinct from ch.model or not exists (
              select from sync_change p where p.sync_id = ch.sync_id and p.model = ch.parent_model
                 and p.key = ch.parent_key))`
      : sql`ch.sync_id = ${syncId} and ch.parent_model = ${parentModel} and ch.parent_key = ${parentKey}`;
  const nodes = await readObjects(reader, where, paging);
  const total = await countOf(reader, sql`from sync_change ch where ${where}`);
  return { nodes, total };
}

async function readModels(
  reader: Reader,
  models: readonly ModelManifest[],
  syncId: string,
): Promise<TreeLevel> {
  const { rows } = await sql<{ model: string } & TreeNode["counts"]>`
    select c.model,
           coalesce(sum(planned) filter (where action = 'create'), 0)::bigint as create,
           coalesce(sum(planned) filter (where action = 'update'), 0)::bigint as update,
           coalesce(sum(planned) filter (where action = 'delete'), 0)::bigint as delete
      from sync_count c left join sync_model m on m.sync_id = c.sync_id and m.model = c.model
     where c.sync_id = ${syncId}
     group by c.model order by min(m.position), c.model`.execute(reader);
  const labels = new Map(models.map((model) => [model.name, model.pluralLabel]));
  const nodes = rows.map(({ model, ...counts }): TreeNode => ({
    kind: "model",
    model,
    key: null,
    label: labels.get(model) ?? model,
    action: null,
    position: null,
    counts,
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
}

/** The page's objects first, then what lies below each of them, at any depth. */
async function readObjects(reader: Reader, where: Condition, paging: Paging): Promise<TreeNode[]> {
  const { rows } = await sql<ObjectRow>`
    with recursive page as materialized (
      select ch.sync_id, ch.position, ch.model, ch.key, ch.label, ch.action from sync_change ch
       where ${where} order by ch.position limit ${paging.limit} offset ${paging.offset}
    ), below (root, sync_id, position, model, key, action) as (
      select page.position, ch.sync_id, ch.position, ch.model, ch.key, ch.action
        from page join sync_change ch
          on ch.sync_id = page.sync_id and ch.parent_model = page.model and ch.parent_key = page.key
      union
      select below.root, ch.sync_id, ch.position, ch.model, ch.key, ch.action
        from below join sync_change ch
          on ch.sync_id = below.sync_id and ch.parent_model = below.model and ch.parent_key = below.key
    ), counts as (
      select root, count(*) filter (where action = 'create') as create,
             count(*) filter (where action = 'update') as update,
             count(*) filter (where action = 'delete') as delete
        from below group by root
    )
    select page.position, page.model, page.key, page.label, page.action,
           coalesce(counts.create, 0) as create, coalesce(counts.update, 0) as update,
           coalesce(counts.delete, 0) as delete
      from page left join counts on counts.root = page.position
     order by page.position`.execute(reader);
  return rows.map((row): TreeNode => ({
    kind: "object",
    model: row.model,
    key: row.key,
    label: row.label,
    action: row.action,
    position: row.position,
    counts: { create: row.create, update: row.update, delete: row.delete },
    hasChildren: row.create + row.update + row.delete > 0,
  }));
}
