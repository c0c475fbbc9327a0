import type { Access } from "./access.ts";
import type { User } from "./user.ts";

/** Who makes a request, and how that is known. */
export interface Identity {
  readonly user: User;
  /** How the request proved it; API tokens cannot make or revoke API tokens. */
  readonly by: "session" | "token";
  /** What the user may do. */
  readonly access: Access;
  /** Whether the request may change anything. */
  readonly mayWrite: boolean;
  /** `Set-Cookie` values to answer with: a session in use is prolonged. */
  readonly setCookies: readonly string[];
}
