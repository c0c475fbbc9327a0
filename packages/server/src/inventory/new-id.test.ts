import { afterEach, expect, it, vi } from "vitest";
import { newId } from "./new-id.ts";

afterEach(() => vi.useRealTimers());

it("ids are UUIDs of version 7, no two alike", () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

it("what is made later comes later in their order", () => {
  vi.useFakeTimers();
  const ids = Array.from({ length: 100 }, () => {
    vi.advanceTimersByTime(1);
    return newId();
  });
  expect([...ids].sort()).toEqual(ids);
});
