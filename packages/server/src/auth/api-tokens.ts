import { createHash, randomBytes } from "node:crypto";
import { NotFoundError } from "@plumbline/sync";
import type pg from "pg";
import { type Access, accessColumns, accessOf, type AccessRow } from "./access.ts";
import type { User } from "./user.ts";

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  /** The key's first characters. */
  readonly start: string;
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  /** Whether what it is used for may change anything. */
  readonly mayWrite: boolean;
}

export type NewApiToken = Pick<ApiToken, "name" | "expiresAt" | "mayWrite">;

/** Whose key it is, and what it may do. */
export interface KeyHolder {
  readonly user: User;
  readonly access: Access;
  readonly mayWrite: boolean;
}

/** Keys by which programs act as a user. Only their hashes are kept. */
export interface ApiTokens {
  list(userId: string): Promise<ApiToken[]>;
  /** @returns the token and its key, which cannot be read again. */
  create(userId: string, token: NewApiToken): Promise<ApiToken & { readonly key: string }>;
  /** @throws NotFoundError when the user has no such token. */
  revoke(userId: string, tokenId: string): Promise<void>;
  /** Undefined for an unknown, revoked or expired one. */
  identify(key: string): Promise<KeyHolder | undefined>;
  /** Why a key is good for nothing. */
  whyNot(key: string): Promise<"unknown" | "expired" | "user-inactive">;
}

const columns = `id, name, start, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt",
  may_write as "mayWrite"`;

/** Prepared once for each connection: every request of a program asks it, and planning it takes longer than the rest. */
const identifying = `
  select t.id as "tokenId", t.may_write as "mayWrite", u.id, u.name, ${accessColumns},
         coalesce(t.last_used_at > now() - interval '1 minute', false) as "isFresh"
    from api_token t join auth_user u on u.id = t.user_id
   where t.key_hash = $1 and u.is_active and (t.expires_at is null or t.expires_at > now())`;

export function createApiTokens(pool: pg.Pool): ApiTokens {
  return {
    async list(userId) {
      const { rows } = await pool.query<ApiToken>(
        `select ${columns} from api_token where user_id = $1 order by created_at, id`,
        [userId],
      );
      return rows;
    },

    async create(userId, { name, expiresAt, mayWrite }) {
      const key = `plumbline_${randomBytes(32).toString("base64url")}`;
      const { rows } = await pool.query<ApiToken>(
        `insert into api_token (user_id, name, key_hash, start, expires_at, may_write)
         values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
        [userId, name, hashOf(key), key.slice(0, 14), expiresAt, mayWrite],
      );
      if (rows[0] === undefined) throw new Error("The API token was not stored.");
      return { ...rows[0], key };
    },

    async revoke(userId, tokenId) {
      const { rowCount } = await pool.query(
        "delete from api_token where id = $1 and user_id = $2",
        [tokenId, userId],
      );
      if (rowCount === 0) {
        throw new NotFoundError(`You have no API token ${tokenId}; it may be revoked already.`);
      }
    },

    async identify(key) {
      const { rows } = await pool.query<
        User & AccessRow & { tokenId: string; isFresh: boolean; mayWrite: boolean }
      >({ name: "identify-by-token", text: identifying, values: [hashOf(key)] });
      const found = rows[0];
      if (found === undefined) return undefined;
      if (!found.isFresh) {
        await pool.query("update api_token set last_used_at = now() where id = $1", [
          found.tokenId,
        ]);
      }
      const { id, name, mayWrite } = found;
      return { user: { id, name }, access: accessOf(found), mayWrite };
    },

    async whyNot(key) {
      const { rows } = await pool.query<{ isExpired: boolean }>(
        `select t.expires_at <= now() as "isExpired" from api_token t join auth_user u on u.id = t.user_id
          where t.key_hash = $1 and (t.expires_at <= now() or not u.is_active)`,
        [hashOf(key)],
      );
      if (rows[0] === undefined) return "unknown";
      return rows[0].isExpired ? "expired" : "user-inactive";
    },
  };
}

function hashOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
