import {
  type Change,
  createMemoryStore,
  createSchema,
  defineModel,
  ref,
  text,
} from "@plumbline/sync";
import { expect, it } from "vitest";
import { createReferenceCollector } from "./plan-references.ts";

const Place = defineModel("place", {
  key: { name: text(), parent: ref("place").nullable() },
  fields: {},
});
const Box = defineModel("box", { key: { name: text() }, fields: { place: ref("place") } });
const schema = createSchema([Place, Box]);

function change(given: Partial<Change> & Pick<Change, "model" | "action" | "key">): Change {
  return {
    label: given.key,
    parentModel: null,
    parentKey: null,
    before: null,
    after: null,
    fields: [],
    rank: 0,
    targetId: null,
    targetVersion: null,
    sourceId: null,
    ...given,
  };
}

it("what a plan refers to is known by its id and the key before the plan's own renames, once", async () => {
  const store = createMemoryStore(schema);
  const germany = '["Germany",null]';
  await store.add("target", "place", [
    { key: germany, id: "g", values: ["Germany", null] },
    { key: '["Berlin",["Germany",null]]', id: "b", values: ["Berlin", germany] },
  ]);
  await store.seal("target");
  const collect = createReferenceCollector(schema, store, null);
  const berlin = '["Berlin",["Deutschland",null]]';

  const found = await collect([
    change({
      model: "place",
      action: "update",
      key: germany,
      before: { name: "Germany" },
      after: { name: "Deutschland" },
      fields: ["name"],
    }),
    change({
      model: "place",
      action: "create",
      key: '["New",null]',
      after: { name: "New", parent: null },
    }),
    change({ model: "box", action: "create", key: '["A"]', after: { name: "A", place: berlin } }),
    change({ model: "box", action: "create", key: '["B"]', after: { name: "B", place: berlin } }),
    change({
      model: "box",
      action: "create",
      key: '["C"]',
      after: { name: "C", place: '["New",null]' },
    }),
  ]);

  expect(found).toEqual([
    { model: "place", key: '["Berlin",["Germany",null]]', plannedKey: berlin, targetId: "b" },
  ]);
});
