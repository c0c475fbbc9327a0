import { describe, expect, it } from "vitest";
import { breathe, cancelled, throwIfCancelled } from "./cancel.ts";
import { CancelledError } from "./errors.ts";

function abortedWith(reason?: unknown): AbortSignal {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal;
}

describe("a cancelled run", () => {
  it("ends at the next look at its signal, and not before", () => {
    const controller = new AbortController();
    expect(() => throwIfCancelled(controller.signal)).not.toThrow();
    expect(() => throwIfCancelled(undefined)).not.toThrow();
    controller.abort();
    expect(() => throwIfCancelled(controller.signal)).toThrow(CancelledError);
  });

  it("says why, where somebody gave a reason", () => {
    const reason = new Error("The time is up.");
    const error = cancelled(abortedWith(reason));
    expect(error.message).toBe("The run was cancelled: The time is up.");
    expect(error.cause).toBe(reason);
    expect(cancelled(abortedWith()).message).toBe("The run was cancelled");
    expect(cancelled(abortedWith("no error")).message).toBe("The run was cancelled");
  });

  it("keeps the reason that is a cancel itself", () => {
    const reason = new CancelledError("Ann cancelled it.");
    expect(cancelled(abortedWith(reason))).toBe(reason);
  });
});

it("a breath lets timers in", async () => {
  const seen: string[] = [];
  setTimeout(() => seen.push("timer"), 0);
  await breathe();
  expect(seen).toEqual(["timer"]);
});
