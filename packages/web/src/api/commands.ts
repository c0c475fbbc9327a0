// Requests that change something.
import { answerOf, api } from "./client.ts";
import type { components } from "./schema.d.ts";
import type { RunRequest } from "./shapes.ts";

type Schemas = components["schemas"];

export function runJob(id: string, body: RunRequest) {
  return answerOf(api.POST("/api/ssot/jobs/{id}/run", { params: { path: { id } }, body }));
}

export function applySync(id: string) {
  return answerOf(api.POST("/api/ssot/syncs/{id}/apply", { params: { path: { id } } }));
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
