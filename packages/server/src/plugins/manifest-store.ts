import type { Pool } from "pg";
import type { Manifest } from "./manifest.ts";

/** Keeps what discovery found, for every process that shows or starts jobs. */
export async function saveManifest(pool: Pool, manifest: Manifest): Promise<void> {
  await pool.query(
    `insert into job_manifest (id, manifest) values (true, $1)
     on conflict (id) do update set manifest = excluded.manifest, updated_at = now()`,
    [JSON.stringify(manifest)],
  );
}

/** What the last discovery found; empty before the first. */
export async function readManifest(pool: Pick<Pool, "query">): Promise<Manifest> {
  const { rows } = await pool.query<{ manifest: Manifest }>("select manifest from job_manifest");
  return rows[0]?.manifest ?? { jobs: [], models: [], errors: [] };
}
