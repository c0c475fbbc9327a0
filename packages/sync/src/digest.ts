import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { PlannedChange } from "./change.ts";

/** Takes the changes of a plan in order and ends in a digest of all of them. */
export interface PlanDigest {
  add(changes: readonly PlannedChange[]): void;
  /** SHA-256, hexadecimal. Ends the digest. */
  finish(): string;
}

/** What is digested is what would be written and what is held, not when the objects were read. */
export function createPlanDigest(): PlanDigest {
  const hash = sha256.create();
  return {
    add(changes) {
      let text = "";
      for (const { model, action, key, before, after, hold, step } of changes) {
        const facts: unknown[] = [model, action, key, before, after, hold?.guard ?? null];
        if (step !== undefined) facts.push(step);
        text += JSON.stringify(facts) + "\n";
      }
      hash.update(utf8ToBytes(text));
    },
    finish: () => bytesToHex(hash.digest()),
  };
}
