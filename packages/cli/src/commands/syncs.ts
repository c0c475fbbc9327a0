import { listSyncs } from "@plumbline/server";
import { withDatabase } from "../installation.ts";
import { printJson } from "../report.ts";
import { statusWord } from "../status-word.ts";
import { syncType } from "../sync-type.ts";
import { printTable } from "../table.ts";

/** Lists the newest syncs. */
export async function syncs(options: { limit: number; json?: boolean }): Promise<void> {
  await withDatabase(async (database) => {
    const paging = { limit: options.limit, offset: 0 };
    const { items } = await listSyncs(database.kysely, {}, paging);
    if (options.json) {
      printJson(items);
      return;
    }
    printTable(
      ["SYNC", "WHEN", "JOB", "TYPE", "STATUS", "OUTCOME"],
      items.map((sync) => [
        sync.id.slice(0, 8),
        sync.createdAt.slice(0, 19).replace("T", " "),
        sync.jobId,
        syncType(sync),
        statusWord(sync),
        sync.sentence,
      ]),
    );
  });
}
