import type { Auth } from "../auth/auth.ts";
import type { Identity } from "../auth/identity.ts";
import type { SignInLimit } from "./sign-in-limit.ts";

/**
 * Whose name and password a request carries in `Authorization: Basic …`; undefined without, or where they do not fit.
 * @throws RequestError after too many failures
 */
export async function identifyByPassword(
  auth: Auth,
  limit: SignInLimit,
  headers: Headers,
  address: string,
): Promise<Identity | undefined> {
  const encoded = /^Basic +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [username = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  limit.check(username, address);
  const signedIn = await auth.signIn({ username, password: rest.join(":") }, new Headers());
  if (signedIn === undefined) {
    limit.recordFailure(username, address);
    return undefined;
  }
  limit.recordSuccess(username);
  // The request is over at once, and so is the session.
  const cookie = signedIn.setCookies.map((each) => each.split(";")[0] ?? "").join("; ");
  await auth.signOut(new Headers({ cookie }));
  const { user, access } = signedIn;
  return { user, access, by: "session", mayWrite: true, setCookies: [] };
}
