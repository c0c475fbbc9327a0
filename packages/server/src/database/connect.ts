import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { InvalidInputError, UnsupportedOperationError } from "@plumbline/sync";
import type { Logger } from "@plumbline/sync";
import { explainConnectionError } from "./connection-error.ts";
import type { ConnectionTarget } from "./connection-error.ts";
import { openEmbeddedPostgres } from "./embedded/open.ts";
import type { DatabaseSchema } from "./schema.ts";
import { valueTypes } from "./value-types.ts";

/** The oldest PostgreSQL we work with: `unique nulls not distinct` came with it. */
const oldestRelease = 15;

export type Database = {
  readonly pool: pg.Pool;
  readonly kysely: Kysely<DatabaseSchema>;
  /** For child processes and libraries that connect themselves. Holds the password: never print it. */
  readonly connectionString: string;
  /** Where the database is, for people: no password in it. */
  readonly description: string;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** `postgres://user:password@host:port/database`; without it the bundled PostgreSQL is used. */
  readonly databaseUrl?: string | undefined;
  /** Where the bundled PostgreSQL keeps its data; not used with a `databaseUrl`. */
  readonly dataDirectory: string;
  readonly logger: Logger;
  /** The bundled PostgreSQL of a running Plumbline: refuse (as it is), or use it beside that one. */
  readonly whenInUse?: "refuse" | "join";
  /** Most connections at a time; 10 as it is. */
  readonly poolSize?: number;
};

/**
 * Opens the database of an installation: yours, or the bundled one. Migrating is up to the caller.
 * @throws PlumblineError that names what is wrong with DATABASE_URL, or who uses the data directory.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // An empty variable counts as one that is not set.
  if (options.databaseUrl) return connectDatabase(options.databaseUrl, options);
  const embedded = await openEmbeddedPostgres(options);
  const database = assemble(embedded.connectionString, embedded.connection, options);
  return {
    ...database,
    description: `the bundled PostgreSQL in ${options.dataDirectory}`,
    async close() {
      await database.close();
      await embedded.close();
    },
  };
}

/**
 * Connects to a PostgreSQL that runs already: DATABASE_URL, or another process's `connectionString`.
 * @throws PlumblineError when it cannot be reached, refuses us or is too old.
 */
export async function connectDatabase(
  databaseUrl: string,
  options: { readonly logger: Logger; readonly poolSize?: number },
): Promise<Database> {
  const target = readUrl(databaseUrl);
  const config = { connectionString: databaseUrl };
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await assertSuitable(client, target);
  } catch (error) {
    if (error instanceof UnsupportedOperationError) throw error;
    throw explainConnectionError(error, target);
  } finally {
    await client.end().catch(() => undefined);
  }
  return assemble(databaseUrl, config, options);
}

function assemble(
  connectionString: string,
  config: pg.PoolConfig,
  { logger, poolSize = 10 }: { readonly logger: Logger; readonly poolSize?: number },
): Database {
  const pool = new pg.Pool({
    ...config,
    max: poolSize,
    types: valueTypes,
    application_name: "plumbline",
    keepAlive: true,
    connectionTimeoutMillis: 30_000,
  });
  // An idle connection may be cut at any time; the pool opens another when one is needed.
  pool.on("error", (error) => {
    logger.warning(`An idle database connection was lost: ${error.message}`);
  });
  const kysely = new Kysely<DatabaseSchema>({ dialect: new PostgresDialect({ pool }) });
  const { host, port, database } = targetOf(config);
  return {
    pool,
    kysely,
    connectionString,
    description: `PostgreSQL at ${host}:${port}, database ${database}`,
    async close() {
      // Kysely ends the pool it was given, but only if it was ever used.
      await kysely.destroy();
      if (!pool.ending) await pool.end();
    },
  };
}

function readUrl(databaseUrl: string): ConnectionTarget {
  const example = "postgres://user:password@host:5432/database";
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new InvalidInputError(
      `DATABASE_URL is not the address of a PostgreSQL. Write it as ${example}.`,
    );
  }
  try {
    return targetOf({ connectionString: databaseUrl });
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    // The error itself is not passed on: it may repeat the address, password and all.
    throw new InvalidInputError(
      code !== undefined && path !== undefined
        ? `The file ${path} that DATABASE_URL names cannot be read (${code}). Correct its sslcert, sslkey or sslrootcert.`
        : `DATABASE_URL cannot be read as an address. Write it as ${example}; characters such as / @ : # in the password as %2F %40 %3A %23.`,
    );
  }
}

/** Resolves what `pg` itself uses where the configuration is silent. */
function targetOf(config: pg.ClientConfig): ConnectionTarget {
  const { host, port, user, database } = new pg.Client(config);
  return { host, port, user: user ?? "", database: database ?? "" };
}

async function assertSuitable(client: pg.Client, target: ConnectionTarget): Promise<void> {
  const { rows } = await client.query<{ number: string; version: string; encoding: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version,
            current_setting('server_encoding') as encoding`,
  );
  const found = rows[0];
  if (found === undefined || Number(found.number) < oldestRelease * 10_000) {
    throw new UnsupportedOperationError(
      `The server of DATABASE_URL is PostgreSQL ${found?.version ?? "of an unknown version"}; ` +
        `Plumbline needs ${oldestRelease} or newer. Upgrade it, or unset DATABASE_URL to use the bundled one.`,
    );
  }
  if (found.encoding !== "UTF8") {
    throw new UnsupportedOperationError(
      `The database ${target.database} of DATABASE_URL has the encoding ${found.encoding}; Plumbline needs UTF8. ` +
        `Create one with: createdb -E UTF8 -T template0 ${target.database}2`,
    );
  }
}
