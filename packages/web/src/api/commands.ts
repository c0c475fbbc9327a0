// Requests that change something.
import { answerOf, api, send } from "./client.ts";
import type { components } from "./schema.d.ts";
import type { ImportRequest, Ruling, RunRequest } from "./shapes.ts";

type Schemas = components["schemas"];

export function runJob(id: string, body: RunRequest) {
  return answerOf(api.POST("/api/ssot/jobs/{id}/run", { params: { path: { id } }, body }));
}

/** @param approval what was reviewed: refused where the plan, or what is decided about it, is another by now */
export function applySync(id: string, approval: Schemas["Approval"]) {
  const params = { path: { id } };
  return answerOf(api.POST("/api/ssot/syncs/{id}/apply", { params, body: approval }));
}

export function resumeSync(id: string) {
  return answerOf(api.POST("/api/ssot/syncs/{id}/resume", { params: { path: { id } } }));
}

export function retrySync(id: string) {
  return answerOf(api.POST("/api/ssot/syncs/{id}/retry", { params: { path: { id } } }));
}

export function undoSync(id: string) {
  return answerOf(api.POST("/api/ssot/syncs/{id}/undo", { params: { path: { id } } }));
}

export function rollBackSync(id: string) {
  return answerOf(api.POST("/api/ssot/syncs/{id}/rollback", { params: { path: { id } } }));
}

/** Records that stay are named with the reason. */
export function deleteSyncs(ids: readonly string[]) {
  return answerOf(api.POST("/api/ssot/syncs/delete", { body: { ids: [...ids] } }));
}

export function decide(id: string, body: Ruling) {
  return answerOf(api.POST("/api/ssot/syncs/{id}/decisions", { params: { path: { id } }, body }));
}

export function cancelJobResult(id: string) {
  return answerOf(api.POST("/api/ssot/job-results/{id}/cancel", { params: { path: { id } } }));
}

export function rerunJobResult(id: string) {
  return answerOf(api.POST("/api/ssot/job-results/{id}/rerun", { params: { path: { id } } }));
}

export function signIn(body: Schemas["SignIn"]) {
  return answerOf(api.POST("/api/session", { body }));
}

export async function signOut(): Promise<void> {
  await api.DELETE("/api/session");
}

export function setUp(body: Schemas["SetupRequest"]) {
  return answerOf(api.POST("/api/setup", { body }));
}

/** The answer is the only place where the key itself is ever shown. */
export function createToken(body: Schemas["NewToken"]) {
  return answerOf(api.POST("/api/tokens", { body }));
}

export async function revokeToken(id: string): Promise<void> {
  await api.DELETE("/api/tokens/{id}", { params: { path: { id } } });
}

/** What a text would do with a model's records, or, with the digest of what was shown, does. */
export function importRecords(plural: string, body: ImportRequest) {
  return answerOf(
    api.POST("/api/inventory/{plural}/import", { params: { path: { plural } }, body }),
  );
}

export interface WrittenRecord {
  readonly id: string;
}

/** Values by field name, references as ids. */
export type RecordBody = Readonly<Record<string, unknown>>;

export function createRecord(restPath: string, body: RecordBody) {
  return send<WrittenRecord>("POST", `/api/${restPath}/`, body);
}

/** Changes the fields that are given. */
export function updateRecord(restPath: string, id: string, body: RecordBody) {
  return send<WrittenRecord>("PATCH", `/api/${restPath}/${id}/`, body);
}

/** Changes the same fields of several records: all of them, or none. */
export function updateRecords(restPath: string, ids: readonly string[], body: RecordBody) {
  return send<WrittenRecord[]>(
    "PATCH",
    `/api/${restPath}/`,
    ids.map((id) => ({ id, ...body })),
  );
}

/** Writes about an object; `path` is its URL for notes. */
export function addNote(path: string, note: string) {
  return send<WrittenRecord>("POST", path, { note });
}

/** Deletes all of them, or none. */
export async function deleteRecords(restPath: string, ids: readonly string[]): Promise<void> {
  await send(
    "DELETE",
    `/api/${restPath}/`,
    ids.map((id) => ({ id })),
  );
}
