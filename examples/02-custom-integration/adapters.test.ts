import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hubModels, Tenant } from "@plumbline/models";
import { createSchema } from "@plumbline/sync";
import { describeAdapter } from "@plumbline/sync/testing";
import { createBillingAdapter, createPhoneBookAdapter } from "./jobs.ts";

const schema = createSchema(hubModels.map(({ model }) => model));

describeAdapter("billing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "billing-"));
  const file = join(folder, "customers.json");
  await writeFile(file, '[{ "number": 7, "company": "Acme", "remark": "since 1949" }]');
  return {
    schema,
    adapter: createBillingAdapter(file),
    close: () => rm(folder, { recursive: true }),
  };
});

describeAdapter("a phone book", async () => {
  const folder = await mkdtemp(join(tmpdir(), "phone-book-"));
  const file = join(folder, "tenants.txt");
  await writeFile(file, "Acme\nBolt\n");
  return {
    schema,
    adapter: createPhoneBookAdapter(file),
    reopen: () => createPhoneBookAdapter(file),
    desired: [Tenant.record({ name: "Acme" }), Tenant.record({ name: "Corex" })],
    close: () => rm(folder, { recursive: true }),
  };
});
