import type { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readRecordText, writeRecordText } from "@plumbline/integrations/folder";
import { InvalidInputError, type Model, NotFoundError } from "@plumbline/sync";
import { actionsOn } from "../../inventory/actions-on.ts";
import { ownersOf, person } from "../../inventory/claims.ts";
import { readCustomFieldsOf } from "../../inventory/custom-fields/definitions.ts";
import { withCustomFields } from "../../inventory/custom-fields/model-fields.ts";
import { fieldAuthors } from "../../inventory/field-authors.ts";
import { type Permits, permitsOf, visibleTo } from "../../inventory/permits.ts";
import { mayAll } from "../../auth/access.ts";
import { findAnywhere } from "../../inventory/find-anywhere.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { importRecords } from "../../inventory/import-records.ts";
import { keyDepths } from "../../inventory/key-depth.ts";
import { getRecord, listRecords, objectChanges } from "../../inventory/queries.ts";
import { countRelated } from "../../inventory/related.ts";
import { streamValues } from "../../inventory/stream-values.ts";
import { readTreeLevel } from "../../inventory/tree-level.ts";
import { readModels } from "../../syncs/queries/manifest.ts";
import { readSystemObjects } from "../../syncs/queries/system-objects.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import * as routes from "../declarations/inventory.ts";
import { answerText } from "../export.ts";
import { assertMay } from "../page-permissions.ts";

/** Rows of one import: more are a folder's matter, which is read as a stream. */
const mostRows = 5000;

export function addInventoryRoutes(app: OpenAPIHono<AppEnv>, options: AppOptions): void {
  const { database } = options;

  // Asked before anything else of the request is looked at.
  app.use("/api/inventory/:plural/*", async (context, next) => {
    const { name } = findModel(options.inventory, context.req.param("plural"));
    const { contentType } = options.inventory.table(name).hubModel;
    assertMay(context.var.identity.access, contentType, "view");
    await next();
  });

  /** The hub as the user sees it, and the model asked for. @throws NotFoundError */
  function see(context: Context<AppEnv>, plural: string) {
    const inventory = visible(context);
    return { inventory, model: findModel(inventory, plural) };
  }

  function permits(context: Context<AppEnv>): Permits | null {
    const { access, user } = context.var.identity;
    return permitsOf(options.inventory, access, user.id);
  }

  function visible(context: Context<AppEnv>): Inventory {
    return visibleTo(options.inventory, permits(context));
  }

  /** What the user may do with each of some records. */
  function mayOnEach(context: Context<AppEnv>, model: Model, items: readonly { id: string }[]) {
    const table = options.inventory.table(model.name);
    const ids = items.map(({ id }) => id);
    return actionsOn(database.pool, table, permits(context), ids);
  }

  app.openapi(routes.listModels, async (context) => context.json(await readModels(database), 200));

  app.openapi(routes.listInventory, async (context) => {
    const { inventory, model } = see(context, context.req.valid("param").plural);
    const { q: search, sort, limit, offset, needsTotal, ...filter } = context.req.valid("query");
    const options = { filter, search, sort, limit, offset, needsTotal: needsTotal ?? true };
    const page = await listRecords(database, inventory, model.name, options);
    const mayOn = await mayOnEach(context, model, page.items);
    const items: z.infer<typeof routes.InventoryRow>[] = page.items.map((item) => ({
      ...item,
      may: mayOn(item.id),
    }));
    return context.json({ ...page, items }, 200);
  });

  app.openapi(routes.exportInventory, async (context) => {
    const { inventory, model } = see(context, context.req.valid("param").plural);
    const { q: search, sort, format, ...filter } = context.req.valid("query");
    const options = { filter, search, sort };
    const depths = await keyDepths(database.pool, inventory);
    const custom = await readCustomFieldsOf(database.pool, inventory.table(model.name));
    const text = writeRecordText(
      format,
      inventory.schema,
      withCustomFields(model, custom),
      streamValues(database, inventory, model.name, options, custom),
      (name) => depths.get(name) ?? 1,
    );
    return answerText(context, format, model.plural, text);
  });

  app.openapi(routes.importInventory, async (context) => {
    const { inventory, model } = see(context, context.req.valid("param").plural);
    const { format, text, digest, leavesOutRefused } = context.req.valid("json");
    const custom = await readCustomFieldsOf(database.pool, inventory.table(model.name));
    const read = withCustomFields(model, custom);
    const { records: rows, fields } = await readRecordText(format, read, text);
    if (rows.length > mostRows) {
      throw new InvalidInputError(
        `The text has ${rows.length} rows, and an import takes ${mostRows}. Split it, or sync a folder that has it as a file.`,
      );
    }
    const author = {
      userName: context.var.identity.user.name,
      jobResultId: null,
      syncId: null,
      claimant: person,
      permits: permits(context),
    };
    const report = await importRecords({
      ...{
        database,
        inventory: options.inventory,
        visible: inventory,
        author,
        model: model.name,
        rows,
        fields,
      },
      ...{ digest, leavesOutRefused },
    });
    const answer: z.infer<typeof routes.ImportReport> = {
      ...report,
      rows: report.rows.map((row) => ({ ...row, faults: [...row.faults] })),
      unknown: [...report.unknown],
    };
    return context.json(answer, 200);
  });

  app.openapi(routes.listInventoryTree, async (context) => {
    const { inventory, model } = see(context, context.req.valid("param").plural);
    const { parent = null, ...paging } = context.req.valid("query");
    const page = await readTreeLevel(database, inventory, model.name, parent, paging);
    const items: z.infer<typeof routes.TreeRow>[] = [...page.items];
    return context.json({ ...page, items }, 200);
  });

  app.openapi(routes.listRelated, async (context) => {
    const { inventory, model } = see(context, context.req.valid("param").plural);
    const { id: ids } = context.req.valid("query");
    return context.json(await countRelated(database, inventory, model.name, ids), 200);
  });

  app.openapi(routes.findObjects, async (context) => {
    const { q, limit } = context.req.valid("query");
    const { items, more } = await findAnywhere(database, visible(context), q, limit);
    return context.json({ items: [...items], more: [...more] }, 200);
  });

  app.openapi(routes.getInventory, async (context) => {
    const { plural, id } = context.req.valid("param");
    const { inventory, model } = see(context, plural);
    const {
      path,
      created,
      lastUpdated,
      version: _,
      ...record
    } = await getRecord(database, inventory, model.name, id);
    const { access } = context.var.identity;
    const seesChanges = mayAll(access, "extras.objectchange", "view");
    const changes = seesChanges ? await objectChanges(database, model.name, id) : [];
    const authors = Object.entries(await fieldAuthors(database, model.name, id));
    const owners = await ownersOf(database, id);
    const systemObjects = await readSystemObjects(database.kysely, id);
    const may = (await mayOnEach(context, model, [record]))(record.id);
    const detail: z.infer<typeof routes.InventoryDetail> = {
      ...record,
      path: [...path],
      created: created.toISOString(),
      lastUpdated: lastUpdated.toISOString(),
      changes: changes.map((change) => ({ ...change, time: change.time.toISOString() })),
      authors: Object.fromEntries(
        authors.map(([field, author]) => [field, { ...author, time: author.time.toISOString() }]),
      ),
      owners: owners.map((owner) => ({
        ...owner,
        since: owner.since.toISOString(),
        unseenSince: owner.unseenSince?.toISOString() ?? null,
      })),
      ...{ systemObjects, may },
    };
    return context.json(detail, 200);
  });
}

/** @throws NotFoundError */
function findModel({ tables }: Inventory, plural: string): Model {
  const found = tables.find(({ model }) => model.plural === plural);
  if (found !== undefined) return found.model;
  const names = tables.map(({ model }) => model.plural).join(", ");
  throw new NotFoundError(`The hub keeps no "${plural}". It keeps: ${names}.`);
}
