import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { JobManifest } from "../../plugins/manifest.ts";
import { linkTo } from "../../plugins/object-link.ts";
import type { SystemObject as SystemObjectSchema } from "../../rest/declarations/sync.ts";
import type { Reader } from "./conditions.ts";
import { readManifestOf } from "./manifest.ts";

export type SystemObject = z.infer<typeof SystemObjectSchema>;

/** Where people see a record of the hub in the systems whose runs paired it with an object of theirs. */
export async function readSystemObjects(reader: Reader, hubId: string): Promise<SystemObject[]> {
  const { rows } = await sql<{ connection: string; model: string; remote_id: string }>`
    select connection, model, remote_id from identity where hub_id = ${hubId}
     order by connection, model, remote_id limit 100`.execute(reader);
  if (rows.length === 0) return [];
  const { jobs } = await readManifestOf(reader);
  const found = new Map<string, SystemObject>();
  for (const { connection, model, remote_id: id } of rows) {
    for (const job of jobs) {
      if (job.connection !== connection) continue;
      const { links, name } = outsideOf(job);
      const template = links[model];
      if (template === undefined) continue;
      const url = linkTo(template, id);
      found.set(url, { system: name, url });
    }
  }
  return [...found.values()];
}

/** The links into the side that is not the hub. */
function outsideOf(job: JobManifest): { links: JobManifest["links"]; name: string } {
  return job.direction === "comparison" && job.hubSide === "source"
    ? { links: job.otherLinks, name: job.targetName }
    : { links: job.links, name: job.system };
}
