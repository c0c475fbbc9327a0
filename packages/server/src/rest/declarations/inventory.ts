import { createRoute, z } from "@hono/zod-openapi";
import {
  answers,
  answersFile,
  format,
  moment,
  pageOf,
  paging,
  search,
  signedIn,
  uuid,
} from "./answer.ts";
import { actions } from "./sync.ts";

const ModelManifest = z
  .object({
    name: z.string(),
    plural: z.string(),
    label: z.string(),
    pluralLabel: z.string(),
    description: z.string(),
    parent: z.string().nullable(),
    isHub: z.boolean(),
    group: z.string().nullable(),
    listFields: z
      .array(z.string())
      .readonly()
      .openapi({ description: "What the list of a hub model shows." }),
    fields: z
      .array(
        z
          .object({
            name: z.string(),
            label: z.string(),
            kind: z.string(),
            isKey: z.boolean(),
            isNullable: z.boolean(),
            isDerived: z.boolean(),
            description: z.string(),
            target: z.string().nullable(),
            choices: z.array(z.string()).readonly(),
            maxLength: z.number().nullable(),
            members: z.string().nullable(),
          })
          .openapi("FieldManifest"),
      )
      .readonly(),
  })
  .openapi("ModelManifest");

export const ReferenceValue = z
  .object({ id: z.string(), label: z.string(), model: z.string() })
  .openapi("ReferenceValue");

const Record = z.object({
  id: z.string(),
  label: z.string(),
  values: z.record(z.string(), z.unknown()).openapi({
    description: "By field name; a reference is a ReferenceValue.",
  }),
});

export const InventoryRow = Record.openapi("InventoryRow");

const ObjectChange = z
  .object({
    id: z.string(),
    time: moment,
    user: z.string().nullable(),
    jobResultId: z.string().nullable(),
    syncId: z.string().nullable(),
    action: z.enum(actions),
    label: z.string(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
  })
  .openapi("ObjectChange");

export const InventoryDetail = Record.extend({
  model: z.string(),
  created: moment,
  lastUpdated: moment,
  changes: z.array(ObjectChange),
}).openapi("InventoryDetail");

const plural = z.object({ plural: z.string() });
const listQuery = {
  q: search,
  sort: z
    .string()
    .optional()
    .openapi({ description: 'A field\'s name, with "-" before it for descending.' }),
};

/** Any other parameter filters by the field of that name; given several times, any of the values fits. */
const fieldFilters = z.union([z.string(), z.array(z.string())]);

export const listModels = createRoute({
  method: "get",
  path: "/api/models",
  security: signedIn,
  responses: answers(z.array(ModelManifest), "The models of the hub and of the plugins."),
});

export const listInventory = createRoute({
  method: "get",
  path: "/api/inventory/{plural}",
  security: signedIn,
  request: {
    params: plural,
    query: z.object({ ...listQuery, ...paging }).catchall(fieldFilters),
  },
  responses: answers(pageOf(InventoryRow, "InventoryPage"), "Records of a hub model."),
});

export const exportInventory = createRoute({
  method: "get",
  path: "/api/inventory/{plural}/export",
  security: signedIn,
  request: { params: plural, query: z.object({ ...listQuery, format }).catchall(fieldFilters) },
  responses: answersFile,
});

export const getInventory = createRoute({
  method: "get",
  path: "/api/inventory/{plural}/{id}",
  security: signedIn,
  request: { params: z.object({ plural: z.string(), id: uuid }) },
  responses: answers(InventoryDetail, "A record of the hub."),
});
