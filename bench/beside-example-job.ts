// Nautobot SSoT's Example Data Source beside Plumbline: both read the same Nautobot, each into an empty inventory of its
// own, and once more with nothing to do. The job fills the Nautobot it runs in; take one to throw away.
// NAUTOBOT_URL=… NAUTOBOT_TOKEN=… JOB_URL=… JOB_TOKEN=… node -C @plumbline/source bench/beside-example-job.ts
// prints JSON
import { loadavg } from "node:os";
import { round, type Server } from "./nautobot/client.ts";
import { runExampleJob } from "./nautobot/example-job.ts";
import { inFreshPlumbline, syncTwice } from "./nautobot/fresh-plumbline.ts";

const nautobot: Server = {
  url: process.env["NAUTOBOT_URL"] ?? "",
  token: process.env["NAUTOBOT_TOKEN"] ?? "",
};
const jobHome: Server = {
  url: process.env["JOB_URL"] ?? "",
  token: process.env["JOB_TOKEN"] ?? nautobot.token,
};

const syncs = () =>
  inFreshPlumbline(nautobot, "without interfaces", (running) =>
    syncTwice(running, "without interfaces"),
  );

// The first answers of a Nautobot that was just started take long, whoever asks.
await syncs();
const plumbline = await syncs();
const job = {
  creating: await runExampleJob(jobHome, nautobot),
  nothingToDo: await runExampleJob(jobHome, nautobot),
};

const ratios = {
  creating: round(job.creating.seconds / plumbline.creating.seconds),
  nothingToDo: round(job.nothingToDo.seconds / plumbline.nothingToDo.seconds),
};
const load = loadavg().map(round);
process.stdout.write(`${JSON.stringify({ load, plumbline, job, ratios }, null, 2)}\n`);
