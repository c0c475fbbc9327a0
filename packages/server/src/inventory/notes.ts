// What people write about objects of the hub. Each write leaves an audit row, like that of an object.
import { keyLabel, NotFoundError } from "@plumbline/sync";
import type pg from "pg";
import { inTransaction } from "../database/transaction.ts";
import { type Author, recordObjectChanges } from "./audit.ts";
import type { Inventory, Queryable } from "./inventory.ts";
import { keysById } from "./key-strings.ts";

type Source = { readonly pool: pg.Pool };

export interface NewNote {
  /** Model name of the object it is about. */
  readonly model: string;
  readonly objectId: string;
  /** Markdown. */
  readonly note: string;
}

/** Who writes, and on whose behalf the audit row is. */
export interface NoteAuthor extends Author {
  readonly userId: string;
}

interface StoredNote {
  readonly id: string;
  readonly label: string;
  readonly note: string;
}

/** Writes notes, all or none, and gives their ids. @throws NotFoundError for an object that is not there */
export async function createNotes(
  source: Source,
  inventory: Inventory,
  author: NoteAuthor,
  notes: readonly NewNote[],
): Promise<string[]> {
  return inTransaction(source, async ({ client }) => {
    const ids: string[] = [];
    for (const { model, objectId, note } of notes) {
      const label = await labelOf(client, inventory, model, objectId);
      const { rows } = await client.query<{ id: string }>(
        `insert into note (model, object_id, label, user_id, user_name, note)
         values ($1, $2, $3, $4, $5, $6) returning id`,
        [model, objectId, label, author.userId, author.userName ?? "", note],
      );
      const id = rows[0]?.id ?? "";
      ids.push(id);
      await record(client, author, "create", { id, label, note }, null, note);
    }
    return ids;
  });
}

/** Changes the text of a note. False where there is none with the id. */
export async function updateNote(
  source: Source,
  author: Author,
  id: string,
  text: string,
): Promise<boolean> {
  return inTransaction(source, async ({ client }) => {
    const { rows } = await client.query<StoredNote>(
      "select id, label, note from note where id = $1 for update",
      [id],
    );
    const [found] = rows;
    if (!found) return false;
    if (found.note === text) return true;
    await client.query("update note set note = $2, last_updated = now() where id = $1", [id, text]);
    await record(client, author, "update", found, found.note, text);
    return true;
  });
}

/** Deletes notes, and says how many there were. */
export async function deleteNotes(
  source: Source,
  author: Author,
  ids: readonly string[],
): Promise<number> {
  return inTransaction(source, async ({ client }) => {
    const { rows } = await client.query<StoredNote>(
      "delete from note where id = any($1::uuid[]) returning id, label, note",
      [ids],
    );
    for (const row of rows) await record(client, author, "delete", row, row.note, null);
    return rows.length;
  });
}

async function labelOf(
  client: Queryable,
  inventory: Inventory,
  model: string,
  id: string,
): Promise<string> {
  const key = (await keysById(client, inventory, model, [id])).get(id);
  if (key !== undefined) return keyLabel(inventory.schema, model, key);
  const { label } = inventory.table(model).model;
  throw new NotFoundError(`The hub has no ${label} with the id ${id}.`);
}

async function record(
  client: Queryable,
  author: Author,
  action: "create" | "update" | "delete",
  { id, label }: StoredNote,
  before: string | null,
  after: string | null,
): Promise<void> {
  const values = (note: string | null) => (note === null ? null : { note });
  await recordObjectChanges(client, author, [
    { id, change: { model: "note", action, label, before: values(before), after: values(after) } },
  ]);
}
