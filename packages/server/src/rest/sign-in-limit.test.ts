import { expect, test } from "vitest";
import { createSignInLimit } from "./sign-in-limit.ts";

const minute = 60_000;

test("a name is refused after ten failures, until they are a quarter of an hour old", () => {
  let now = 0;
  const limit = createSignInLimit(() => now);
  for (let failure = 0; failure < 10; failure += 1) {
    limit.check("ada", "127.0.0.1");
    limit.recordFailure("ada", "127.0.0.1");
    now += minute;
  }
  expect(() => limit.check("Ada", "127.0.0.1")).toThrow("Try again in 5 minutes");
  expect(() => limit.check("bob", "127.0.0.1")).not.toThrow();
  now += 5 * minute;
  expect(() => limit.check("ada", "127.0.0.1")).not.toThrow();
});

test("an address is refused after fifty failures with any names, unless it may be a proxy", () => {
  const limit = createSignInLimit();
  for (let failure = 0; failure < 50; failure += 1) {
    for (const address of ["198.51.100.7", "::ffff:127.0.0.1"]) {
      limit.recordFailure(`user${failure}`, address);
    }
  }
  expect(() => limit.check("ada", "198.51.100.7")).toThrow("Too many failed sign-ins");
  expect(() => limit.check("ada", "::ffff:127.0.0.1")).not.toThrow();
  expect(() => limit.check("ada", "198.51.100.8")).not.toThrow();
});

test("a success forgets the name's failures", () => {
  const limit = createSignInLimit();
  for (let failure = 0; failure < 9; failure += 1) limit.recordFailure("ada", "127.0.0.1");
  limit.recordSuccess("ada");
  limit.recordFailure("ada", "127.0.0.1");
  expect(() => limit.check("ada", "127.0.0.1")).not.toThrow();
});
