import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hubModels } from "@plumbline/models";
import { createSchema } from "@plumbline/sync";
import { describeAdapter } from "@plumbline/sync/testing";
import { createBillingAdapter } from "./jobs.ts";

describeAdapter("billing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "billing-"));
  const file = join(folder, "customers.json");
  await writeFile(file, '[{ "number": 7, "company": "Acme", "remark": "since 1949" }]');
  return {
    schema: createSchema(hubModels.map(({ model }) => model)),
    adapter: createBillingAdapter(file),
    close: () => rm(folder, { recursive: true }),
  };
});
