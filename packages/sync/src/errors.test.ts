import { expect, it } from "vitest";
import {
  LimitExceededError,
  NotAllowedError,
  PlumblineError,
  RemoteSystemError,
  StalePlanError,
} from "./errors.ts";

it.each<[PlumblineError, string, string]>([
  [new NotAllowedError("no"), "not-allowed", "NotAllowedError"],
  [new RemoteSystemError("no"), "remote-system", "RemoteSystemError"],
  [new LimitExceededError("no"), "limit-exceeded", "LimitExceededError"],
  [new StalePlanError("no"), "stale", "StalePlanError"],
])("an error has the code that others refer to: %s", (error, code, name) => {
  expect(error).toBeInstanceOf(PlumblineError);
  expect(error).toMatchObject({ code, name, message: "no", details: {} });
  expect("cause" in error).toBe(false);
});

it("an error of another system says whether it may be asked again", () => {
  expect(new RemoteSystemError("no").isRetryable).toBe(false);
  expect(new RemoteSystemError("no", { isRetryable: true }).isRetryable).toBe(true);
});
