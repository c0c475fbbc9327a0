import { discover, findInstallation } from "@plumbline/server";
import { exitCodes } from "../exit-codes.ts";
import { installationOptions } from "../installation.ts";
import { printJson } from "../report.ts";
import { printTable } from "../table.ts";

/** Lists the jobs and the load errors. Needs no database. Returns the exit code: 1 when something did not load. */
export async function jobs(options: { json?: boolean }): Promise<number> {
  const { manifest } = await discover(findInstallation(installationOptions()));
  if (options.json) {
    printJson({ jobs: manifest.jobs, errors: manifest.errors });
  } else {
    printTable(
      ["JOB", "TITLE", "FROM", "TO", "VARIABLES"],
      manifest.jobs.map((job) => [
        job.id,
        job.title,
        job.sourceName,
        job.targetName,
        job.variables.map(({ name, isRequired }) => (isRequired ? `${name}*` : name)).join(" "),
      ]),
    );
    for (const { file, line, message } of manifest.errors) {
      process.stderr.write(`${file}${line === null ? "" : `:${String(line)}`}: ${message}\n`);
    }
  }
  return manifest.errors.length > 0 ? exitCodes.failed : exitCodes.ok;
}
