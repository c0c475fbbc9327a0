import { Location, Tenant } from "@plumbline/models";
import { project } from "@plumbline/plugin-kit";
import { defineModel, text } from "@plumbline/sync";
import { expect, it } from "vitest";
import { checkHubSide } from "./check-hub-side.ts";

const Site = project(Location, {
  key: ["facility"],
  fields: ["name"],
  where: [{ field: "location_type", is: "Site" }],
});

it("a projection that lacks what a new object of the hub needs is named before it runs", () => {
  expect(() => checkHubSide({ direction: "source", models: [Site] })).toThrow(
    "The projection location has no status, which a new Location of the hub needs.",
  );
});

it("what is only read, or created with the rest, may lack it", () => {
  const Whole = project(Location, {
    key: ["facility"],
    fields: ["name"],
    where: [{ field: "location_type", is: "Site" }],
    create: () => ({ status: "Active" }),
  });
  expect(() => checkHubSide({ direction: "target", models: [Site] })).not.toThrow();
  expect(() => checkHubSide({ direction: "source", models: [Whole] })).not.toThrow();
});

it("a projection of what the hub does not have, and two of one name, are refused", () => {
  const Crate = defineModel("crate", { key: { name: text() }, fields: {} });
  const View = project(Crate, { key: ["name"], fields: [] });
  expect(() => checkHubSide({ direction: "target", models: [View] })).toThrow("keeps no Crates");
  expect(() => checkHubSide({ direction: "target", models: [Site, Location] })).toThrow(
    "Two models are named location",
  );
});

it("a condition that no record can meet is refused", () => {
  const check = (where: Parameters<typeof project>[1]["where"]) => () =>
    checkHubSide({
      direction: "target",
      models: [project(Tenant, { key: ["name"], fields: [], where } as never)],
    });
  expect(check([{ field: "facility", is: "B1" }])).toThrow("which it does not have");
  expect(check([{ isUnder: "Germany" }])).toThrow("are no tree");
});
