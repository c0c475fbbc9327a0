import { expect, it } from "vitest";
import { defineModel, type Model, text } from "@plumbline/sync";
import { type DeclaredDeletes, ruleDeletes } from "./deletes.ts";

const Site: Model = defineModel("site", { key: { name: text() }, fields: { status: text() } });
const Rack: Model = defineModel("rack", { key: { name: text() }, fields: {} });
const job = { id: "crm", models: [Site, Rack] };

it("what nothing is said of is deleted at once, up to ten per cent or ten of a type", () => {
  expect(ruleDeletes(job, {})).toEqual({
    deletePolicy: {},
    deleteCeiling: { percent: 10, count: 10, types: {}, total: null },
  });
});

it("one policy is for every type", () => {
  const { deletePolicy } = ruleDeletes(job, { deletePolicy: { afterDays: 3 } });
  expect(deletePolicy).toEqual({ site: { afterDays: 3 }, rack: { afterDays: 3 } });
});

it("what is said later stands, and the rest stays", () => {
  const declared = ruleDeletes(job, {
    deletePolicy: "never",
    deleteCeiling: { percent: 5, types: { site: { count: 1 } } },
  });

  expect(
    ruleDeletes(
      job,
      { deletePolicy: { rack: "now" }, deleteCeiling: { total: 7, types: { rack: { count: 2 } } } },
      declared,
    ),
  ).toEqual({
    deletePolicy: { site: "never", rack: "now" },
    deleteCeiling: {
      percent: 5,
      count: 10,
      types: { site: { count: 1 }, rack: { count: 2 } },
      total: 7,
    },
  });
});

it.each<[string, unknown, string]>([
  ["a policy of a model it does not sync", { deletePolicy: { pod: "never" } }, "is for pod"],
  ["a ceiling of one", { deleteCeiling: { types: { pod: { count: 1 } } } }, "is for pod"],
  ["no day", { deletePolicy: { site: { afterDays: 0 } } }, "site cannot be deleted after 0 days"],
  ["days in words", { deletePolicy: { afterDays: "7" } }, 'site cannot be deleted after "7" days'],
  ["a status for what has none", { deletePolicy: { setStatus: "Gone" } }, "rack cannot be marked"],
  ["a word that is no policy", { deletePolicy: { site: "later" } }, '"later" is no delete policy'],
  ["no policy at all", { deletePolicy: { site: null } }, "null is no delete policy of site"],
  ["a ceiling below nothing", { deleteCeiling: { percent: -1 } }, "-1 is no ceiling"],
  [
    "a ceiling in words",
    { deleteCeiling: { types: { site: { count: "5" } } } },
    '"5" is no ceiling',
  ],
])("%s is refused with what to give", (_what, declared, message) => {
  expect(() => ruleDeletes(job, declared as DeclaredDeletes)).toThrow(message);
});
