// A process that opens the bundled PostgreSQL of a data directory and, when told to, inserts rows one by
// one, printing each number after its commit was acknowledged. Tests kill it.
import { writeSync } from "node:fs";
import pg from "pg";
import { openEmbeddedPostgres } from "../../src/database/embedded/open.ts";
import { quiet } from "./quiet-logger.ts";

const [dataDirectory = "", task = "hold"] = process.argv.slice(2);

try {
  const embedded = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  process.on("SIGTERM", () => {
    void embedded.close().then(() => process.exit(0));
  });
  writeSync(1, "open\n");
  if (task === "insert") {
    const client = new pg.Client(embedded.connection);
    await client.connect();
    await client.query("create table if not exists written (number integer primary key)");
    for (let number = 1; ; number += 1) {
      await client.query("insert into written values ($1)", [number]);
      writeSync(1, `${number}\n`);
    }
  }
} catch (error) {
  writeSync(2, `${(error as Error).message}\n`);
  process.exit(1);
}
