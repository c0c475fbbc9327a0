import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import type pg from "pg";
import { ConflictError, NotAllowedError, PlumblineError } from "@plumbline/sync";
import type { Logger } from "@plumbline/sync";

/** Arbitrary and fixed: the advisory lock under which one process migrates. */
const lockKey = 7_108_513_043;

const ownDirectory = fileURLToPath(new URL("./sql/", import.meta.url));

export type Migration = {
  readonly version: number;
  /** "0001-core" */
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
};

type AppliedMigration = {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
};

/**
 * Brings the database to the form this program needs: applies each pending file of `sql/`, in its own
 * transaction, one process at a time.
 * @returns the names of the migrations that were applied.
 * @throws ConflictError when the database is newer than the program, or an applied file was edited.
 */
export async function migrate(
  database: { readonly pool: pg.Pool },
  { logger, directory = ownDirectory }: { readonly logger: Logger; readonly directory?: string },
): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const client = await database.pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    const applied = await readApplied(client);
    const pending = findPending(migrations, applied);
    for (const migration of pending) {
      logger.info(`Migrating the database: ${migration.name}.`);
      await applyMigration(client, migration);
    }
    return pending.map(({ name }) => name);
  } finally {
    // Closing the connection rather than keeping it frees the lock in every case.
    client.release(true);
  }
}

/** Reads the migrations of a directory, in order. */
async function readMigrations(directory: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(directory)).toSorted()) {
    if (!file.endsWith(".sql")) continue;
    const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1];
    if (number === undefined) {
      throw new PlumblineError(
        "invalid-declaration",
        `The migration ${file} is not named like 0007-what-it-does.sql.`,
      );
    }
    const sql = (await readFile(path.join(directory, file), "utf8")).replaceAll("\r\n", "\n");
    const name = file.slice(0, -".sql".length);
    const twin = migrations.find(({ version }) => version === Number(number));
    if (twin !== undefined) {
      throw new PlumblineError(
        "invalid-declaration",
        `The migrations ${twin.name} and ${name} have the same number. Give the later one the next free number.`,
      );
    }
    const checksum = createHash("sha256").update(sql).digest("hex");
    migrations.push({ version: Number(number), name, sql, checksum });
  }
  return migrations;
}

async function readApplied(client: pg.ClientBase): Promise<AppliedMigration[]> {
  const { rows } = await client.query<{ exists: boolean }>(
    "select to_regclass('schema_migration') is not null as exists",
  );
  if (rows[0]?.exists !== true) return [];
  const result = await client.query<AppliedMigration>(
    "select version, name, checksum from schema_migration order by version",
  );
  return result.rows;
}

function findPending(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  const newest = migrations.at(-1)?.version ?? 0;
  for (const row of applied) {
    const migration = known.get(row.version);
    if (migration === undefined) {
      throw new ConflictError(
        `The database is newer than this Plumbline: it has the migration ${row.name}, and this program knows those up to ` +
          `${newest}. Start the newer Plumbline, or use another database.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new ConflictError(
        `The migration ${migration.name} was changed after the database applied it (as ${row.name}). ` +
          `Restore the file, and write what you want to change as a new migration.`,
      );
    }
  }
  const last = applied.at(-1)?.version ?? 0;
  const done = new Set(applied.map(({ version }) => version));
  const pending = migrations.filter(({ version }) => !done.has(version));
  const late = pending.find(({ version }) => version < last);
  if (late !== undefined) {
    throw new ConflictError(
      `The migration ${late.name} comes before ${last}, which the database has already applied. Give it the next free number.`,
    );
  }
  return pending;
}

async function applyMigration(client: pg.ClientBase, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(
      `create table if not exists schema_migration (
         version integer primary key, name text not null, checksum text not null,
         applied_at timestamptz not null default now())`,
    );
    await client.query(migration.sql);
    await client.query(
      "insert into schema_migration (version, name, checksum) values ($1, $2, $3)",
      [migration.version, migration.name, migration.checksum],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback").catch(() => undefined);
    throw explainFailure(migration, cause as pg.DatabaseError);
  }
}

function explainFailure(migration: Migration, cause: pg.DatabaseError): PlumblineError {
  if (cause.code === "42501") {
    return new NotAllowedError(
      `The database user may not create what Plumbline needs (${cause.message}). As the database's owner run: ` +
        `GRANT CREATE ON DATABASE <database> TO <user>; GRANT CREATE ON SCHEMA public TO <user>;`,
      { cause },
    );
  }
  const position = Number(cause.position ?? Number.NaN);
  const line = migration.sql.slice(0, position).split("\n").length;
  const place = Number.isNaN(position) ? "" : ` in line ${line}`;
  return new ConflictError(
    `The migration ${migration.name} failed${place} and was rolled back: ${cause.message}`,
    { cause },
  );
}
