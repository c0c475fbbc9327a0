import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestDatabase } from "./database.ts";
import { createTestRunner, type TestRunner } from "./runner.ts";

const jobsFolder = fileURLToPath(new URL("../fixtures/jobs/", import.meta.url));

export interface LabRunner extends TestRunner {
  /** Writes what the lab's jobs read; gives the variables that name it. */
  lab(lab: object, name?: string): Promise<{ lab: string }>;
}

/** A runner with the jobs of fixtures/jobs, on a database of the tests' server or another one. */
export async function createLabRunner(config = "", database?: TestDatabase): Promise<LabRunner> {
  const files = {
    "plumbline.config.ts": `export default { hideExampleJobs: true, jobsFolder: ${JSON.stringify(jobsFolder)}, ${config} };\n`,
  };
  const runner = await createTestRunner(files, undefined, database);
  return {
    ...runner,
    lab: async (lab, name = "lab") => ({
      lab: await runner.installation.write(`${name}.json`, JSON.stringify(lab)),
    }),
  };
}

export function tenants(count: number, description = "a customer"): object[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `Tenant ${String(index + 1).padStart(6, "0")}`,
    description,
  }));
}

/** Ids of the run processes that a process has started. Linux only. */
export function runProcessesOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, "utf8");
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return (
          new RegExp(`^PPid:\\s+${parent}$`, "m").test(status) && command.includes("run-process")
        );
      } catch {
        return false;
      }
    });
}
