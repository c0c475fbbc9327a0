import { InvalidInputError } from "@plumbline/sync";
import type { getSync } from "@plumbline/server";

type Plan = Pick<Awaited<ReturnType<typeof getSync>>, "planDigest" | "decisionsRevision">;
interface Approval {
  readonly planDigest: string;
  readonly decisionsRevision: number;
}

/** What there is to review of a sync in one short word: the beginning of the digest, and what is decided. */
export function planWord({ planDigest, decisionsRevision }: Plan): string {
  return `${planDigest?.slice(0, 8) ?? ""}.${String(decisionsRevision)}`;
}

/**
 * The approval of what the word names, which the sync's plan may not be any more: the server says what has changed.
 * @throws InvalidInputError for what is no such word
 */
export function approvalOf(word: string, { planDigest }: Plan): Approval {
  const [, digest, revision] = /^([0-9a-f]{8,64})\.(\d{1,9})$/i.exec(word) ?? [];
  if (digest === undefined) {
    throw new InvalidInputError(
      `--plan ${word} names no plan; \`plumbline show\` prints the word, such as 3f9a1c2e.4.`,
    );
  }
  const named = digest.toLowerCase();
  return {
    planDigest: planDigest?.startsWith(named) ? planDigest : named,
    decisionsRevision: Number(revision),
  };
}
