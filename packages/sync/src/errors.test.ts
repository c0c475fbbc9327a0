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

it.each<[new (message: string) => PlumblineError, string]>([
  [NotAllowedError, "not-allowed"],
  [RemoteSystemError, "remote-system"],
  [LimitExceededError, "limit-exceeded"],
  [StalePlanError, "stale"],
  [InvalidInputError, "invalid-input"],
  [InvalidDeclarationError, "invalid-declaration"],
  [NotFoundError, "not-found"],
  [ConflictError, "conflict"],
  [UnsupportedOperationError, "unsupported"],
  [CancelledError, "cancelled"],
])("an error has the code that others refer to: %s, %s", (Type, code) => {
  const error = new Type("no");
  expect(error).toBeInstanceOf(PlumblineError);
  expect(error).toMatchObject({ code, name: Type.name, message: "no", details: {} });
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
