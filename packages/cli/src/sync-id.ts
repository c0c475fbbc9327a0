import { InvalidInputError, NotFoundError } from "@plumbline/sync";
import type { Database } from "@plumbline/server";

/** @throws InvalidInputError for what can be no beginning of a sync's id, before anything is opened */
export function checkSyncId(id: string): void {
  if (/^[0-9a-f-]{4,36}$/i.test(id)) return;
  throw new InvalidInputError(
    `"${id}" is not the id of a sync, nor the first four letters or more of one; \`plumbline syncs\` lists them.`,
  );
}

/** The sync whose id begins so. @throws NotFoundError, InvalidInputError where more than one does */
export async function findSyncId(
  database: Pick<Database, "pool">,
  beginning: string,
): Promise<string> {
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
