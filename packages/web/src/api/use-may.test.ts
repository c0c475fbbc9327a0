import { expect, test } from "vitest";
import { maySeeDashboard, mayOf } from "./use-may.ts";

test("who is not signed in may do nothing", () => {
  expect(mayOf(null)("dcim.device", "view")).toBe(false);
});

test("a superuser may do everything, also with what has no type", () => {
  const may = mayOf({ isSuperuser: true, may: {} });
  expect(may("dcim.device", "delete")).toBe(true);
  expect(may(null, "view")).toBe(true);
});

test("others may do what is granted, by type and action", () => {
  const may = mayOf({ isSuperuser: false, may: { "dcim.device": ["view", "change"] } });
  expect(may("dcim.device", "change")).toBe(true);
  expect(may("dcim.device", "delete")).toBe(false);
  expect(may("dcim.location", "view")).toBe(false);
  expect(may(null, "view")).toBe(false);
});

test("the dashboard is for who may look at jobs and at their syncs", () => {
  const granted = (may: Record<string, ["view"]>) =>
    maySeeDashboard(mayOf({ isSuperuser: false, may }));
  expect(granted({ "extras.job": ["view"] })).toBe(false);
  expect(granted({ "extras.job": ["view"], "nautobot_ssot.sync": ["view"] })).toBe(true);
});
