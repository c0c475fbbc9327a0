import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hubModels } from "@plumbline/models";
import { createSchema, sync } from "@plumbline/sync";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createBillingAdapter, createPhoneBookAdapter } from "./jobs.ts";
import { Rack, Site } from "./models.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plumbline-example-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it("billing's customers become the names of the phone book, and a second sync finds nothing to do", async () => {
  const customers = join(folder, "customers.json");
  const phoneBook = join(folder, "phone-book.txt");
  const list = [
    { number: 1, company: "Globex", remark: "" },
    { number: 2, company: "Acme", remark: "pays late" },
  ];
  await writeFile(customers, JSON.stringify(list));
  await writeFile(phoneBook, "Acme\nInitech\n");
  const run = () =>
    sync({
      schema: createSchema(hubModels.map(({ model }) => model)),
      source: createBillingAdapter(customers),
      target: createPhoneBookAdapter(phoneBook),
      isDryRun: false,
      asksDeletes: true,
    });

  const first = await run();
  const second = await run();

  expect(first.outcomes.map(({ change }) => `${change.action} ${change.label}`)).toEqual([
    "create Globex",
    "delete Initech",
  ]);
  expect(await readFile(phoneBook, "utf8")).toBe("Acme\nGlobex\n");
  expect(second.changes).toEqual([]);
});

it("a model of one's own comes after what it refers to", () => {
  expect(createSchema([Rack, Site]).order.map(({ name }) => name)).toEqual(["site", "rack"]);
});
