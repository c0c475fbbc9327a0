import { expect, it } from "vitest";
import { type Adapter, defineModel, type Model, text } from "@plumbline/sync";
import { defineDataSource, defineDataTarget } from "./job.ts";

const Tenant = defineModel("tenant", { key: { name: text() }, fields: {} });

const open = (): Adapter => {
  throw new Error("Nothing is opened by a declaration.");
};

it.each([
  ["the name of a model", "tenant", '"tenant"'],
  ["nothing, as a misspelt import gives", undefined, "undefined"],
])("models that hold %s are refused with what to give", (_what, given, named) => {
  const declaration = {
    id: "crm",
    title: "CRM",
    system: "CRM",
    models: [Tenant, given as unknown as Model],
    deletePolicy: "never",
  } as const;
  for (const declare of [
    () => defineDataSource({ ...declaration, source: open }),
    () => defineDataTarget({ ...declaration, target: open }),
  ]) {
    expect(declare).toThrow(
      `The job crm has ${named} among its models, which is not a model. Give the model itself`,
    );
  }
});
