import { hubModels } from "@plumbline/models";
import type { Manifest, ModelManifest } from "../../plugins/manifest.ts";
import type { Reader } from "./conditions.ts";

/** What the last discovery found; empty before the first. */
export async function readManifestOf(reader: Reader): Promise<Manifest> {
  const row = await reader.selectFrom("job_manifest").select("manifest").executeTakeFirst();
  return (row?.manifest as Manifest | undefined) ?? { jobs: [], models: [], errors: [] };
}

/** The models of the hub and of the plugins, with what a list of a hub model shows. */
export async function readModels(
  reader: Reader,
): Promise<(ModelManifest & { listFields: readonly string[] })[]> {
  const listFields = new Map(hubModels.map((hub) => [hub.model.name, hub.listFields]));
  const { models } = await readManifestOf(reader);
  return models.map((model) => ({ ...model, listFields: listFields.get(model.name) ?? [] }));
}
