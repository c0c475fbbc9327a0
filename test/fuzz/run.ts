// `npm run test:fuzz`: schemathesis asks a fresh Plumbline with the example's objects for everything that the documents
// of its APIs describe, the pages' and that of Nautobot's clients, with values that fit them and values that do not: at
// least 5,000 requests, no failure of the server's and no answer other than described.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { preparePython, startPlumbline, type Target } from "../clients/environment.ts";

const fewest = 5000;
const documents = ["openapi.json", "swagger.json"];
const checks = [
  ...["not_a_server_error", "response_schema_conformance", "content_type_conformance"],
  "status_code_conformance",
];

const folder = mkdtempSync(join(tmpdir(), "plumbline-fuzz-"));
process.on("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});
const programs = preparePython(join(folder, "python"), "schemathesis==4.32.5");
const target = await startPlumbline();
try {
  await fillWithExample(target);
  const asked = documents.map((document) => fuzz(target, document));
  const generated = asked.reduce((sum, one) => sum + one.generated, 0);
  if (generated < fewest) process.stdout.write(`Fewer than ${fewest} requests were made.\n`);
  process.exitCode = generated >= fewest && asked.every(({ isClean }) => isClean) ? 0 : 1;
} finally {
  await target.stop();
}

async function fillWithExample({ url, token }: Target): Promise<void> {
  const headers = { authorization: `Token ${token}`, "content-type": "application/json" };
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${url}/api/${path}`, { headers, ...init });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, { readonly id: string; readonly value: string }>;
  };
  const started = await ask("extras/jobs/Example Data Source/run/", {
    method: "POST",
    body: JSON.stringify({ data: { dryrun: false } }),
  });
  const id = started["job_result"]?.id ?? "";
  for (;;) {
    const status = (await ask(`extras/job-results/${id}/`))["status"]?.value;
    if (status === "SUCCESS") return;
    if (status === "FAILURE" || status === "REVOKED")
      throw new Error(`The example ended: ${status}`);
    await sleep(200);
  }
}

interface Report {
  readonly test_cases: { readonly generated: number; readonly with_failures: number };
}

/** Asks for all that a document describes. */
function fuzz(
  { url, token }: Target,
  document: string,
): { readonly generated: number; readonly isClean: boolean } {
  const report = join(folder, `report-${document}`);
  const { status } = spawnSync(
    join(programs, "schemathesis"),
    [
      ...["run", `${url}/api/${document}`, "--header", `Authorization: Token ${token}`],
      ...["--checks", checks.join(","), "--phases", "fuzzing,stateful", "--max-examples", "30"],
      ...["--seed", "1", "--continue-on-failure", "--no-shrink", "--workers", "2"],
      ...["--report", "json", "--report-json-path", report],
    ],
    { stdio: "inherit", cwd: folder },
  );
  const { test_cases: cases } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const { generated, with_failures: failed } = cases;
  process.stdout.write(`${document}: ${generated - failed} passed, ${failed} failed\n`);
  return { generated, isClean: status === 0 && failed === 0 };
}
