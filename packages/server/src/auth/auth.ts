import type { Database } from "../database/connect.ts";
import { createApiTokens } from "./api-tokens.ts";
import type { ApiTokens } from "./api-tokens.ts";
import type { Identity } from "./identity.ts";
import { createSessions } from "./sessions.ts";
import type { Credentials, SignedIn } from "./sessions.ts";
import { completeSetup, hasUsers, isSetupTokenGood } from "./setup.ts";

/** Who may use an installation, and how requests prove it. */
export interface Auth {
  readonly tokens: ApiTokens;
  /** Who makes the request; undefined without a valid session cookie or API token. */
  identify(headers: Headers): Promise<Identity | undefined>;
  /** Undefined when name and password do not fit. */
  signIn(credentials: Credentials, headers: Headers): Promise<SignedIn | undefined>;
  /** Ends the session of the request. @returns `Set-Cookie` values. */
  signOut(headers: Headers): Promise<readonly string[]>;
  /** @returns the new user's id. @throws ConflictError when the name is taken */
  createUser(credentials: Credentials): Promise<string>;
  /** Ends every session of the user. */
  setPassword(userId: string, password: string): Promise<void>;
  /** Whether the first administrator is still to be made. */
  needsSetup(): Promise<boolean>;
  /** Whether the link with this token would make the first administrator now. */
  isSetupTokenGood(token: string): Promise<boolean>;
  /** Makes the first administrator. @throws NotAllowedError for a link that is used up or expired. */
  setUp(token: string, credentials: Credentials, headers: Headers): Promise<SignedIn>;
}

export async function createAuth(database: Database): Promise<Auth> {
  const sessions = await createSessions(database);
  const tokens = createApiTokens(database.pool);

  return {
    tokens,
    async identify(headers) {
      const key = /^(?:Token|Bearer) +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
      if (key === undefined) return sessions.identify(headers);
      const holder = await tokens.identify(key);
      return holder && { ...holder, by: "token", setCookies: [] };
    },
    signIn: (credentials, headers) => sessions.signIn(credentials, headers),
    signOut: (headers) => sessions.signOut(headers),
    createUser: (credentials) => sessions.createUser(credentials),
    setPassword: (userId, password) => sessions.setPassword(userId, password),
    needsSetup: async () => !(await hasUsers(database.pool)),
    isSetupTokenGood: (token) => isSetupTokenGood(database, token),
    async setUp(token, credentials, headers) {
      await completeSetup(database, token, () => sessions.createUser(credentials));
      const signedIn = await sessions.signIn(credentials, headers);
      if (signedIn === undefined) throw new Error("The administrator just made cannot sign in.");
      return signedIn;
    },
  };
}
