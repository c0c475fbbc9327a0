import type { RunningPlumbline } from "@plumbline/server";

/** Makes the first administrator of a fresh Plumbline. Gives the cookie of their session, as a request's header has it. */
export async function signIn({
  url,
  setupLink,
}: Pick<RunningPlumbline, "url" | "setupLink">): Promise<string> {
  const origin = url ?? "";
  const token = new URL(setupLink ?? "").searchParams.get("token");
  const response = await fetch(`${origin}/api/setup`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ token, username: "bench", password: "a bench of oak" }),
  });
  if (!response.ok) throw new Error(`The set-up was refused: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((each) => each.split(";")[0] ?? "")
    .join("; ");
}
