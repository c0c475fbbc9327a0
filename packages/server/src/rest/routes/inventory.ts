import type { OpenAPIHono, z } from "@hono/zod-openapi";
import { type HubModel, hubModels } from "@plumbline/models";
import { NotFoundError } from "@plumbline/sync";
import { fieldAuthors } from "../../inventory/field-authors.ts";
import { findAnywhere } from "../../inventory/find-anywhere.ts";
import { createInventory } from "../../inventory/inventory.ts";
import { getRecord, listRecords, objectChanges, streamRecords } from "../../inventory/queries.ts";
import { countRelated } from "../../inventory/related.ts";
import { readTreeLevel } from "../../inventory/tree-level.ts";
import { readModels } from "../../syncs/queries/manifest.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import * as routes from "../declarations/inventory.ts";
import { answerExport } from "../export.ts";

export function addInventoryRoutes(app: OpenAPIHono<AppEnv>, { database }: AppOptions): void {
  const inventory = createInventory();

  app.openapi(routes.listModels, async (context) =>
    context.json(await readModels(database.kysely), 200),
  );

  app.openapi(routes.listInventory, async (context) => {
    const { model } = getHubModel(context.req.valid("param").plural);
    const { q: search, sort, limit, offset, ...filter } = context.req.valid("query");
    const options = { filter, search, sort, limit, offset };
    const page = await listRecords(database, inventory, model.name, options);
    const items: z.infer<typeof routes.InventoryRow>[] = [...page.items];
    return context.json({ items, total: page.total, limit, offset }, 200);
  });

  app.openapi(routes.exportInventory, (context) => {
    const { model } = getHubModel(context.req.valid("param").plural);
    const { q: search, sort, format, ...filter } = context.req.valid("query");
    const batches = streamRecords(database, inventory, model.name, { filter, search, sort });
    return answerExport(context, format, model.plural, ["id", ...model.names], rowsOf(batches));
  });

  app.openapi(routes.listInventoryTree, async (context) => {
    const { model } = getHubModel(context.req.valid("param").plural);
    const { parent = null, ...paging } = context.req.valid("query");
    const page = await readTreeLevel(database, inventory, model.name, parent, paging);
    const items: z.infer<typeof routes.TreeRow>[] = [...page.items];
    return context.json({ ...page, items }, 200);
  });

  app.openapi(routes.listRelated, async (context) => {
    const { plural, id } = context.req.valid("param");
    const { model } = getHubModel(plural);
    return context.json(await countRelated(database, inventory, model.name, id), 200);
  });

  app.openapi(routes.findObjects, async (context) => {
    const { q, limit } = context.req.valid("query");
    const { items, more } = await findAnywhere(database, inventory, q, limit);
    return context.json({ items: [...items], more: [...more] }, 200);
  });

  app.openapi(routes.getInventory, async (context) => {
    const { plural, id } = context.req.valid("param");
    const { model } = getHubModel(plural);
    const {
      path,
      created,
      lastUpdated,
      version: _,
      ...record
    } = await getRecord(database, inventory, model.name, id);
    const changes = await objectChanges(database, model.name, id);
    const authors = Object.entries(await fieldAuthors(database, model.name, id));
    const detail: z.infer<typeof routes.InventoryDetail> = {
      ...record,
      path: [...path],
      created: created.toISOString(),
      lastUpdated: lastUpdated.toISOString(),
      changes: changes.map((change) => ({ ...change, time: change.time.toISOString() })),
      authors: Object.fromEntries(
        authors.map(([field, author]) => [field, { ...author, time: author.time.toISOString() }]),
      ),
    };
    return context.json(detail, 200);
  });
}

function getHubModel(plural: string): HubModel {
  const found = hubModels.find(({ model }) => model.plural === plural);
  if (found !== undefined) return found;
  const names = hubModels.map(({ model }) => model.plural).join(", ");
  throw new NotFoundError(`The hub keeps no "${plural}". It keeps: ${names}.`);
}

type Items = AsyncIterable<readonly { id: string; values: Readonly<Record<string, unknown>> }[]>;

/** Records as flat rows, references by what they are called. */
async function* rowsOf(batches: Items) {
  for await (const batch of batches) {
    yield batch.map(({ id, values }) => ({
      id,
      ...Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, withoutIds(value)]),
      ),
    }));
  }
}

function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  return isReference(value) ? value.label : value;
}

function isReference(value: unknown): value is { readonly label: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    ["id", "name", "label", "model"].every((name) => name in value) &&
    Object.keys(value).length === 4
  );
}
