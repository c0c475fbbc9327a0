import { differenceWord, type SideNames } from "@plumbline/sync";
import { type ChangeRow, eachChange, getSync, readManifest } from "@plumbline/server";
import { exitCodeOf } from "../exit-codes.ts";
import { withDatabase } from "../installation.ts";
import { printJson } from "../report.ts";
import { checkSyncId, findSyncId } from "../sync-id.ts";
import { syncSummary } from "../sync-summary.ts";

interface ShowOptions {
  changes?: boolean;
  json?: boolean;
}

const differenceSigns = { create: "<", update: "≠", delete: ">" } as const;
const signs = { create: "+", update: "~", delete: "-" } as const;

/** Shows one sync. Returns the exit code of its status. */
export async function show(id: string, options: ShowOptions): Promise<number> {
  checkSyncId(id);
  return withDatabase(async (database) => {
    const manifest = await readManifest(database.pool);
    const sync = await getSync(database, manifest.models, await findSyncId(database, id));
    if (!options.json) process.stdout.write(syncSummary(sync));
    const isCompared = sync.direction === "comparison";
    const changes: unknown[] = [];
    if (options.changes) {
      for await (const batch of eachChange(database.kysely, manifest, sync.id, {})) {
        for (const change of batch) {
          if (options.json) changes.push(change);
          else
            process.stdout.write(
              `${isCompared ? differenceLine(change, sync) : changeLine(change)}\n`,
            );
        }
      }
    }
    if (options.json) printJson(options.changes ? { ...sync, changes } : sync);
    return exitCodeOf(sync.status, false);
  });
}

function changeLine({ action, model, label, fields, hold, outcome }: ChangeRow): string {
  const what = fieldsText(fields);
  const state = outcome?.status ?? (hold ? "held" : "planned");
  const why = outcome?.errorMessage ?? (outcome ? null : hold?.reason) ?? null;
  return `${signs[action]} ${model} ${label}${what}  ${state}${why === null ? "" : `: ${why}`}`;
}

function differenceLine({ action, model, label, fields }: ChangeRow, sides: SideNames): string {
  const word = differenceWord(action, sides);
  return `${differenceSigns[action]} ${model} ${label}${fieldsText(fields)}  ${word}`;
}

function fieldsText(fields: readonly string[]): string {
  return fields.length > 0 ? ` [${fields.join(", ")}]` : "";
}
