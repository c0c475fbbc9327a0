import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSchema } from "@plumbline/sync";
import { describeAdapter } from "@plumbline/sync/testing";
import { Building, createBuildingsAdapter } from "./jobs.ts";

describeAdapter("buildings", async () => {
  const folder = await mkdtemp(join(tmpdir(), "buildings-"));
  const file = join(folder, "buildings.json");
  const rows = [
    { id: 1, code: "B1", name: "Berlin", remark: "head office" },
    { id: 2, code: "B2", name: "Bonn", remark: null },
  ];
  await writeFile(file, JSON.stringify(rows));
  return {
    schema: createSchema([Building]),
    adapter: createBuildingsAdapter(file),
    desired: [
      Building.record({ facility: "B1", name: "Berlin Mitte", description: "head office" }),
      Building.record({ facility: "B3", name: "Bremen" }),
    ],
    close: () => rm(folder, { recursive: true }),
  };
});
