import { createRoute, z } from "@hono/zod-openapi";
import { CustomField } from "@plumbline/models";
import {
  answers,
  answersFile,
  isTotalExact,
  moment,
  pageOf,
  paging,
  search,
  signedIn,
  uuid,
  yesOrNo,
} from "./answer.ts";
import { actions, SystemObject } from "./sync.ts";

const customFieldTypes = CustomField.field("type").facts.choices as readonly CustomField["type"][];

const FieldManifest = z
  .object({
    name: z.string(),
    label: z.string(),
    kind: z.string(),
    isKey: z.boolean(),
    isNullable: z.boolean(),
    isDerived: z.boolean(),
    description: z.string(),
    isRequired: z.boolean().openapi({ description: "Whether a new object must give it." }),
    default: z.any().openapi({ description: "In canonical form; null for none." }),
    target: z.string().nullable(),
    choices: z.array(z.string()).readonly(),
    maxLength: z.number().nullable(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    scale: z.number().nullable(),
    members: z.string().nullable(),
  })
  .openapi("FieldManifest");

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
    contentType: z.string().nullable(),
    restPath: z
      .string()
      .nullable()
      .openapi({ description: "dcim/locations; null for a plugin's model." }),
    isLimited: z
      .boolean()
      .openapi({ description: "Whether its records are for the models alone that they name." }),
    listFields: z
      .array(z.string())
      .readonly()
      .openapi({ description: "What the list of a hub model shows." }),
    treeField: z
      .string()
      .nullable()
      .openapi({ description: "The reference to the record above in the model's own tree." }),
    tables: z
      .array(
        z
          .object({
            model: z.string(),
            field: z.string(),
            columns: z.array(z.string()).readonly(),
            linked: z
              .object({
                label: z.string(),
                model: z.string(),
                field: z.string(),
                shows: z.string(),
              })
              .optional(),
          })
          .openapi("RelatedTable"),
      )
      .readonly()
      .openapi({ description: "What the page of a hub model's record shows of others." }),
    fields: z.array(FieldManifest).readonly(),
    hasNotes: z.boolean(),
    customFields: z
      .array(
        FieldManifest.extend({
          grouping: z.string().nullable(),
          isFiltered: z.boolean(),
          type: z.enum(customFieldTypes),
        }).openapi("CustomFieldManifest"),
      )
      .readonly()
      .openapi({ description: "What people defined for it, beside its own fields." }),
  })
  .openapi("ModelManifest");

export const ReferenceValue = z
  .object({
    id: z.string(),
    name: z.string().openapi({ description: 'What it is called among others: "Berlin".' }),
    label: z.string().openapi({ description: 'With the place it has: "Germany → Berlin".' }),
    model: z.string(),
  })
  .openapi("ReferenceValue");

const Record = z.object({
  id: z.string(),
  name: z.string(),
  label: z.string(),
  values: z.record(z.string(), z.unknown()).openapi({
    description: "By field name; a reference is a ReferenceValue.",
  }),
});

const may = z
  .array(z.enum(["change", "delete"]))
  .openapi({ description: "What who asks may do with it." });

export const InventoryRow = Record.extend({ may }).openapi("InventoryRow");

const ObjectChange = z
  .object({
    id: z.string(),
    time: moment,
    user: z.string().nullable(),
    jobResultId: z.string().nullable(),
    syncId: z
      .string()
      .nullable()
      .openapi({ description: "The sync that wrote it, while there is a record of it." }),
    action: z.enum(actions),
    label: z.string(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    sourceName: z
      .string()
      .nullable()
      .openapi({ description: "The system whose values a sync wrote." }),
  })
  .openapi("ObjectChange");

export const InventoryDetail = Record.extend({
  model: z.string(),
  path: z.array(ReferenceValue).openapi({ description: "The places it is in, outermost first." }),
  created: moment,
  lastUpdated: moment,
  changes: z.array(ObjectChange),
  authors: z
    .record(
      z.string(),
      z
        .object({
          time: moment,
          user: z.string().nullable(),
          syncId: z.string().nullable(),
          sourceName: z.string().nullable(),
        })
        .openapi("FieldAuthor"),
    )
    .openapi({ description: "By field name: who or what gave it the value it has." }),
  owners: z
    .array(
      z
        .object({
          owner: z.string().openapi({ description: 'A connection, or "person".' }),
          jobId: z.string().nullable(),
          syncId: z.string().nullable(),
          since: moment,
          unseenSince: moment.nullable(),
        })
        .openapi("ObjectOwner"),
    )
    .openapi({ description: "Who keeps the object: no source deletes what another one keeps." }),
  systemObjects: z.array(SystemObject).openapi({
    description: "The same object in the systems that runs paired it with.",
  }),
  may,
}).openapi("InventoryDetail");

export const TreeRow = Record.extend({
  children: z.number().int().openapi({ description: "Records right below." }),
}).openapi("InventoryTreeRow");

const RelatedCount = z
  .object({ model: z.string(), field: z.string(), count: z.number().int() })
  .openapi("RelatedCount");

const FoundObjects = z
  .object({
    items: z.array(ReferenceValue),
    more: z.array(z.string()).openapi({ description: "Models that hold more than is given." }),
  })
  .openapi("FoundObjects");

const plural = z.object({ plural: z.string() });
const listQuery = {
  q: search,
  sort: z
    .string()
    .optional()
    .openapi({ description: 'A field\'s name, with "-" before it for descending.' }),
};

const fileFormat = z.enum(["csv", "yaml", "json"]);

const rowActions = ["create", "update", "unchanged", "refused"] as const;

const ImportRequest = z
  .object({
    format: fileFormat,
    text: z.string().max(1_000_000),
    digest: z
      .string()
      .nullable()
      .default(null)
      .openapi({ description: "Of the preview that is to be applied; null for a preview." }),
    leavesOutRefused: z.boolean().default(false),
  })
  .openapi("ImportRequest");

export const ImportReport = z
  .object({
    rows: z.array(
      z
        .object({
          place: z.string(),
          label: z.string().nullable(),
          action: z.enum(rowActions),
          before: z.record(z.string(), z.unknown()).nullable(),
          after: z.record(z.string(), z.unknown()).nullable(),
          faults: z.array(z.object({ field: z.string().nullable(), message: z.string() })),
        })
        .openapi("ImportedRow"),
    ),
    counts: z.object({
      create: z.number().int(),
      update: z.number().int(),
      unchanged: z.number().int(),
      refused: z.number().int(),
    }),
    unknown: z.array(z.string()),
    digest: z.string(),
    isApplied: z.boolean(),
  })
  .openapi("ImportReport");

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
    query: z
      .object({
        ...{ ...listQuery, ...paging },
        needsTotal: yesOrNo.optional().openapi({
          description: "false: answered without the total where that takes long to count.",
        }),
      })
      .catchall(fieldFilters),
  },
  responses: answers(
    pageOf(InventoryRow, "InventoryPage").extend({ isTotalExact }),
    "Records of a hub model.",
  ),
});

export const exportInventory = createRoute({
  method: "get",
  path: "/api/inventory/{plural}/export",
  security: signedIn,
  request: {
    params: plural,
    query: z.object({ ...listQuery, format: fileFormat.default("csv") }).catchall(fieldFilters),
  },
  responses: answersFile,
});

export const importInventory = createRoute({
  method: "post",
  path: "/api/inventory/{plural}/import",
  security: signedIn,
  request: {
    params: plural,
    body: { required: true, content: { "application/json": { schema: ImportRequest } } },
  },
  responses: answers(
    ImportReport,
    "What the rows of a text create and change, shown or, with the digest of what was shown, done.",
  ),
});

export const listInventoryTree = createRoute({
  method: "get",
  path: "/api/inventory/{plural}/tree",
  security: signedIn,
  request: { params: plural, query: z.object({ parent: uuid.optional(), ...paging }) },
  responses: answers(
    pageOf(TreeRow, "InventoryTreePage"),
    "One level of a hub model's tree: the records below `parent`, or the roots.",
  ),
});

export const listRelated = createRoute({
  method: "get",
  path: "/api/inventory/{plural}/related",
  security: signedIn,
  request: {
    params: plural,
    query: z.object({
      id: z.union([uuid.transform((id) => [id]), z.array(uuid).max(1000)]).openapi({
        type: "array",
        items: { type: "string", format: "uuid" },
      }),
    }),
  },
  responses: answers(
    z.array(RelatedCount),
    "What refers to any of the records, counted by model and field.",
  ),
});

export const findObjects = createRoute({
  method: "get",
  path: "/api/search",
  security: signedIn,
  request: {
    query: z.object({
      q: z.string().min(1).max(200),
      limit: z.coerce.number().int().min(1).max(20).default(5),
    }),
  },
  responses: answers(FoundObjects, "Objects of every hub model that the text finds."),
});

export const getInventory = createRoute({
  method: "get",
  path: "/api/inventory/{plural}/{id}",
  security: signedIn,
  request: { params: z.object({ plural: z.string(), id: uuid }) },
  responses: answers(InventoryDetail, "A record of the hub."),
});
