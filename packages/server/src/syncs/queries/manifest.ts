import { hubModels, type RelatedTable } from "@plumbline/models";
import type { Database } from "../../database/connect.ts";
import { readCustomFields } from "../../inventory/custom-fields/definitions.ts";
import {
  type CustomFieldManifest,
  describeCustomField,
} from "../../inventory/custom-fields/describe.ts";
import { isLimitedByContentType } from "../../inventory/rules/content-types.ts";
import { treeFieldOf } from "../../inventory/tree-field.ts";
import type { Manifest, ModelManifest } from "../../plugins/manifest.ts";
import type { Reader } from "./conditions.ts";

/** What the last discovery found; empty before the first. */
export async function readManifestOf(reader: Reader): Promise<Manifest> {
  const row = await reader.selectFrom("job_manifest").select("manifest").executeTakeFirst();
  return (row?.manifest as Manifest | undefined) ?? { jobs: [], models: [], errors: [] };
}

/** A model as pages show it: with its place in the hub, where it has one. */
export interface PageModel extends ModelManifest {
  readonly contentType: string | null;
  readonly restPath: string | null;
  /** Whether its records are for the models alone that they name. */
  readonly isLimited: boolean;
  /** What its list shows. */
  readonly listFields: readonly string[];
  /** The reference to the record above in the model's own tree. */
  readonly treeField: string | null;
  /** What the page of a record shows beside its own values. */
  readonly tables: readonly RelatedTable[];
  /** Whether notes are written about its records. */
  readonly hasNotes: boolean;
  /** What people defined for it, beside its own fields. */
  readonly customFields: readonly CustomFieldManifest[];
}

/** The models of the hub and of the plugins. */
export async function readModels({ kysely, pool }: Database): Promise<PageModel[]> {
  const hub = new Map(hubModels.map((hubModel) => [hubModel.model.name, hubModel]));
  const [{ models }, custom] = await Promise.all([readManifestOf(kysely), readCustomFields(pool)]);
  return models.map((model) => {
    const facts = hub.get(model.name);
    return {
      ...model,
      contentType: facts?.contentType ?? null,
      restPath: facts?.restPath ?? null,
      isLimited: isLimitedByContentType(model.name),
      listFields: facts?.listFields ?? [],
      treeField: facts ? treeFieldOf(facts.model) : null,
      tables: facts?.tables ?? [],
      hasNotes: facts !== undefined && !(facts.lacks ?? []).includes("notes"),
      customFields: (custom.get(facts?.contentType ?? "") ?? []).map(describeCustomField),
    };
  });
}
