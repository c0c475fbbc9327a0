// Notes: under the object they are about, and in a list of all of them.
import type { Context } from "hono";
import { createNotes, deleteNotes, type NewNote, updateNote } from "../../inventory/notes.ts";
import { isUuid } from "../../inventory/uuid.ts";
import type { JobContext } from "./job-routes.ts";
import { answerList, asInput, assertThere, idsThere, renderOne } from "./object-routes.ts";
import { permitted } from "./permitted.ts";
import { type Faults, Refused, refuse } from "./refused.ts";
import { readBody } from "./request-body.ts";
import { objectUrl } from "./render-object.ts";
import type { Input } from "./read-input.ts";
import type { Resource } from "./resource.ts";

/** The notes of one object, or one more. `notes` is the request as one of the list of notes. */
export async function answerObjectNotes(
  context: Context,
  objects: JobContext,
  notes: JobContext,
  id: string,
): Promise<Response> {
  await assertThere(objects, id);
  const { method } = context.req;
  if (method !== "POST") return answerList(context, notes);
  const about = { assigned_object_type: objects.resource.contentType, assigned_object_id: id };
  return postNotes(context, notes, (input) => ({ ...input, ...about }));
}

/** Notes are written by people: they are no records of the hub, and no sync writes them. */
export async function answerNoteWrite(
  context: Context,
  notes: JobContext,
  id: string | undefined,
): Promise<Response> {
  const { database, author, resource } = notes;
  const { method } = context.req;
  if (id === undefined) {
    if (method === "POST") return postNotes(context, notes, (input) => input);
    if (method !== "DELETE") throw refuse(405, `Method "${method}" not allowed.`);
    const ids = [await readBody(context)].flat().map((item) => asInput(item)["id"]);
    const known = ids.filter((one): one is string => typeof one === "string" && isUuid(one));
    await deleteNotes(database, author, await idsThere(notes, known));
    return context.body(null, 204);
  }
  if (!["PUT", "PATCH", "DELETE"].includes(method)) {
    throw refuse(405, `Method "${method}" not allowed.`);
  }
  await assertThere(notes, id);
  if (method === "DELETE") {
    await deleteNotes(database, author, [id]);
    return context.body(null, 204);
  }
  const { note } = asInput(await readBody(context));
  if (note !== undefined || method === "PUT") {
    const faults: Record<string, string[]> = {};
    const text = readText(note, faults);
    if (text === null) throw new Refused(400, faults);
    await updateNote(database, author, id, text);
  }
  return context.json(await renderOne(notes, resource, id));
}

async function postNotes(
  context: Context,
  notes: JobContext,
  complete: (input: Input) => Input,
): Promise<Response> {
  const { database, inventory, author, user, resource, resources, origin, permits } = notes;
  const body = await readBody(context);
  const isList = Array.isArray(body);
  const inputs = [body].flat().map((item) => complete(asInput(item)));
  const read = inputs.map((input) => readNote(notes, input));
  const faults = read.map((one) => ("faults" in one ? one.faults : {}));
  const first = faults.find((one) => Object.keys(one).length > 0);
  if (first) throw new Refused(400, isList ? faults : first);
  const made = read.flatMap((one) => ("note" in one ? [one.note] : []));
  // Of what somebody may not look at they learn nothing, not even that it is there.
  for (const { model, objectId } of permits === null ? [] : made) {
    const about = permitted(permits, resources, resources.get(model), "view");
    await assertThere({ ...notes, resource: about }, objectId);
  }
  const ids = await createNotes(database, inventory, { ...author, userId: user.id }, made);
  const rendered = await Promise.all(ids.map((id) => renderOne(notes, resource, id)));
  if (isList) return context.json(rendered, 201);
  context.header("Location", objectUrl(origin, resource, ids[0] ?? ""));
  return context.json(rendered[0] ?? {}, 201);
}

function readNote(
  { resources }: JobContext,
  input: Input,
): { readonly note: NewNote } | { readonly faults: Faults } {
  const faults: Record<string, string[]> = {};
  const { assigned_object_type: type, assigned_object_id: id, note } = input;
  const text = readText(note, faults);
  let about: Resource | undefined;
  if (type === undefined) faults["assigned_object_type"] = ["This field is required."];
  else {
    about = resources.all.find(({ contentType, hasNotes }) => hasNotes && contentType === type);
    if (!about) faults["assigned_object_type"] = [`Invalid value: ${JSON.stringify(type)}.`];
  }
  if (id === undefined) faults["assigned_object_id"] = ["This field is required."];
  else if (typeof id !== "string" || !isUuid(id)) {
    faults["assigned_object_id"] = ["Must be a valid UUID."];
  }
  if (text === null || !about || typeof id !== "string" || Object.keys(faults).length > 0) {
    return { faults };
  }
  return { note: { model: about.name, objectId: id.toLowerCase(), note: text } };
}

function readText(given: unknown, faults: Record<string, string[]>): string | null {
  const text = typeof given === "string" ? given.trim() : null;
  if (text !== null && text !== "") return text;
  const fault =
    given === undefined
      ? "This field is required."
      : given === null
        ? "This field may not be null."
        : text === ""
          ? "This field may not be blank."
          : "Not a valid string.";
  faults["note"] = [fault];
  return null;
}
