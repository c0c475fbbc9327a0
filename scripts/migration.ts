// `npm run migration -- what-it-does`: writes the next numbered migration, from the difference between a
// database built by the migrations and one built by the declarations of the models.
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hubModels } from "@plumbline/models";
import { silentLogger as logger } from "@plumbline/sync";
import { connectDatabase } from "../packages/server/src/database/connect.ts";
import { openEmbeddedPostgres } from "../packages/server/src/database/embedded/open.ts";
import { migrate } from "../packages/server/src/database/migrate.ts";
import { emitTables, tableNames } from "../packages/server/src/inventory/emit-table.ts";
import { databaseAddress } from "../packages/server/test/support/database-address.ts";
import { tableChanges } from "../packages/server/test/support/table-changes.ts";

const folder = join(dirname(import.meta.dirname), "packages/server/src/database/sql");
const name = process.argv[2] ?? "";

if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
  console.error("Name the migration after what it does: npm run migration -- add-circuits");
  process.exit(2);
}

const statements = await findChanges();
if (statements.length === 0) {
  console.log("The migrations lead to the declared tables already: there is nothing to write.");
} else {
  const last = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  const number = String(Number((last.at(-1) ?? "0000").slice(0, 4)) + 1).padStart(4, "0");
  const file = `${number}-${name}.sql`;
  await writeFile(join(folder, file), `${statements.join("\n").trim()}\n`, { flag: "wx" });
  console.log(`packages/server/src/database/sql/${file}: read it before you commit it.`);
  for (const line of statements) if (line.startsWith("-- By hand")) console.log(line);
}

async function findChanges(): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "plumbline-migration-"));
  // PostgreSQL runs as nobody where this runs as root.
  await chmod(directory, 0o711);
  const server = await openEmbeddedPostgres({ dataDirectory: directory, logger });
  try {
    const admin = await connectDatabase(server.connectionString, { logger });
    await admin.pool.query("create database migrated template template0");
    await admin.pool.query("create database declared template template0");
    await admin.close();
    const open = (database: string) =>
      connectDatabase(databaseAddress(server.connectionString, database), { logger });
    const [migrated, declared] = await Promise.all([open("migrated"), open("declared")]);
    try {
      await migrate(migrated, { logger });
      await declared.pool.query(emitTables(hubModels));
      return await tableChanges(migrated.pool, declared.pool, tableNames(hubModels));
    } finally {
      await Promise.all([migrated.close(), declared.close()]);
    }
  } finally {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}
