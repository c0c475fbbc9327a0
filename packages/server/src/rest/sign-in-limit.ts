import { RequestError } from "./errors.ts";

const windowMs = 15 * 60 * 1000;
/** Failures of one name, or of one address, within the window. */
const mostFailures = { name: 10, address: 50 };
/** Names and addresses remembered; the oldest are forgotten beyond it, so a flood cannot fill the memory. */
const mostEntries = 10_000;

/** Slows the guessing of passwords. Kept by each web process for itself. */
export interface SignInLimit {
  /** @throws RequestError when there were too many failures. */
  check(username: string, address: string): void;
  recordFailure(username: string, address: string): void;
  recordSuccess(username: string): void;
}

export function createSignInLimit(now: () => number = Date.now): SignInLimit {
  const failures = new Map<string, number[]>();

  const recent = (key: string): number[] =>
    (failures.get(key) ?? []).filter((time) => time > now() - windowMs);

  const keysOf = (username: string, address: string): [key: string, most: number][] => {
    const byName: [string, number] = [`name ${username.toLowerCase()}`, mostFailures.name];
    // Everybody behind a proxy on this machine has the same address, and must not shut out the others.
    if (isLoopback(address)) return [byName];
    return [byName, [`address ${address}`, mostFailures.address]];
  };

  return {
    check(username, address) {
      for (const [key, most] of keysOf(username, address)) {
        const times = recent(key);
        if (times.length < most) continue;
        const waitSeconds = Math.ceil(((times[0] ?? 0) + windowMs - now()) / 1000);
        throw new RequestError(
          "too-many-requests",
          `Too many failed sign-ins. Try again in ${Math.ceil(waitSeconds / 60)} minutes.`,
          { "Retry-After": String(waitSeconds) },
        );
      }
    },
    recordFailure(username, address) {
      for (const [key, most] of keysOf(username, address)) {
        const times = [...recent(key), now()].slice(-most);
        failures.delete(key);
        failures.set(key, times);
      }
      for (const key of failures.keys()) {
        if (failures.size <= mostEntries) break;
        failures.delete(key);
      }
    },
    recordSuccess(username) {
      failures.delete(`name ${username.toLowerCase()}`);
    },
  };
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
