import { expect, it } from "vitest";
import {
  CancelledError,
  ConflictError,
  InvalidDeclarationError,
  InvalidInputError,
  LimitExceededError,
  NotAllowedError,
  NotFoundError,
  PlumblineError,
  RemoteSystemError,
  StalePlanError,
  UnsupportedOperationError,
} from "./errors.ts";

it.each<[PlumblineError, string, string]>([
  [new NotAllowedError("no"), "not-allowed", "NotAllowedError"],
  [new RemoteSystemError("no"), "remote-system", "RemoteSystemError"],
  [new LimitExceededError("no"), "limit-exceeded", "LimitExceededError"],
  [new StalePlanError("no"), "stale", "StalePlanError"],
  [new InvalidInputError("no"), "invalid-input", "InvalidInputError"],
  [new InvalidDeclarationError("no"), "invalid-declaration", "InvalidDeclarationError"],
  [new NotFoundError("no"), "not-found", "NotFoundError"],
  [new ConflictError("no"), "conflict", "ConflictError"],
  [new UnsupportedOperationError("no"), "unsupported", "UnsupportedOperationError"],
  [new CancelledError("no"), "cancelled", "CancelledError"],
])("an error has the code that others refer to: %s", (error, code, name) => {
  expect(error).toBeInstanceOf(PlumblineError);
  expect(error).toMatchObject({ code, name, message: "no", details: {} });
  expect("cause" in error).toBe(false);
});

it("an error of another system says whether it may be asked again", () => {
  expect(new RemoteSystemError("no").isRetryable).toBe(false);
  expect(new RemoteSystemError("no", { isRetryable: true }).isRetryable).toBe(true);
});

it("an error keeps what caused it, and the details it was given", () => {
  const cause = new Error("refused");
  const error = new NotFoundError("no", { cause, details: { model: "site" } });
  expect(error).toMatchObject({ cause, details: { model: "site" } });
});
