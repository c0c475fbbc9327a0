import { InvalidInputError, NotFoundError } from "@plumbline/sync";
import { type ChangeRow, type Database, eachChange, getSync, readModels } from "@plumbline/server";
import { exitCodeOf } from "../exit-codes.ts";
import { withDatabase } from "../installation.ts";
import { printJson } from "../report.ts";
import { syncSummary } from "../sync-summary.ts";

interface ShowOptions {
  changes?: boolean;
  json?: boolean;
}

const signs = { create: "+", update: "~", delete: "-" } as const;

/** Shows one sync. Returns the exit code of its status. */
export async function show(id: string, options: ShowOptions): Promise<number> {
  if (!/^[0-9a-f-]{4,36}$/i.test(id)) {
    throw new InvalidInputError(
      `"${id}" is not the id of a sync, nor the first four letters or more of one; \`plumbline syncs\` lists them.`,
    );
  }
  return withDatabase(async (database) => {
    const models = await readModels(database.kysely);
    const sync = await getSync(database, models, await wholeId(database, id));
    if (!options.json) process.stdout.write(syncSummary(sync));
    const changes: unknown[] = [];
    if (options.changes) {
      for await (const batch of eachChange(database.kysely, models, sync.id, {})) {
        for (const change of batch) {
          if (options.json) changes.push(change);
          else process.stdout.write(`${changeLine(change)}\n`);
        }
      }
    }
    if (options.json) printJson(options.changes ? { ...sync, changes } : sync);
    return exitCodeOf(sync.status, false);
  });
}

function changeLine({ action, model, label, fields, hold, outcome }: ChangeRow): string {
  const what = fields.length > 0 ? ` [${fields.join(", ")}]` : "";
  const state = outcome?.status ?? (hold ? "held" : "planned");
  const why = outcome?.errorMessage ?? (outcome ? null : hold?.reason) ?? null;
  return `${signs[action]} ${model} ${label}${what}  ${state}${why === null ? "" : `: ${why}`}`;
}

/** The sync whose id begins so. @throws NotFoundError, InvalidInputError where more than one does */
async function wholeId(database: Database, beginning: string): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    "select id from sync where id::text like $1 limit 2",
    [`${beginning.toLowerCase()}%`],
  );
  const [first, second] = rows;
  if (!first)
    throw new NotFoundError(`There is no sync ${beginning}; \`plumbline syncs\` lists them.`);
  if (second)
    throw new InvalidInputError(`More than one sync begins with ${beginning}; give more of it.`);
  return first.id;
}
