import { readdir, readFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFinal, type SyncStatus } from "@plumbline/sync";
import { createTestDatabase } from "../../server/test/support/database.ts";
import { createWorkplace, type Started, type Workplace } from "./support/plumbline.ts";

const config = `
  import { folder } from "@plumbline/integrations/folder";
  import { Tenant } from "@plumbline/models";
  import { defineConfig } from "@plumbline/plugin-kit";
  export default defineConfig({ connections: { estate: folder({ path: "estate", models: [Tenant] }) } });
`;

/** A source that never ends by itself. */
const endless = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { Tenant } from "@plumbline/models";
  import { defineDataSource, variable } from "@plumbline/plugin-kit";
  export default defineDataSource({
    id: "endless",
    title: "Endless",
    system: "Endless",
    models: [Tenant],
    variables: { pause: variable.integer({ required: true }) },
    source: ({ variables }) => ({
      name: "Endless",
      models: [Tenant],
      async *load({ signal, logger }) {
        logger.info("waiting");
        await sleep(Number(variables.pause) * 1000, undefined, { signal });
        yield Tenant.record({ name: "late" });
      },
    }),
  });
`;

const comparison = `
  import { Tenant } from "@plumbline/models";
  import { defineComparison } from "@plumbline/plugin-kit";
  const list = (...names) => ({
    name: "List",
    models: [Tenant],
    provides: () => [],
    async *load() {
      for (const name of names) yield Tenant.record({ name });
    },
  });
  export default defineComparison({
    id: "two-lists",
    title: "Two lists",
    system: "Left",
    otherSystem: "Right",
    models: [Tenant],
    source: () => list("Acme", "Globex"),
    target: () => list("Acme", "Initech"),
  });
`;

let workplace: Workplace;
let running: Started;
let url: string;
let setupLink: string;

const estate = (...lines: string[]): Promise<void> =>
  workplace.write("estate/tenants.yaml", lines.map((line) => `- ${line}\n`).join(""));
const acme = (description: string): string => `{ name: Acme, description: ${description} }`;

beforeAll(async () => {
  workplace = await createWorkplace({
    "plumbline.config.ts": config,
    "jobs/endless.ts": endless,
    "jobs/comparison.ts": comparison,
  });
  await estate(acme("first"), "{ name: Globex, description: second }");
  running = workplace.start("start", "--port", "0");
  url = (await running.printed(/Plumbline {4}(\S+)\n/))[1] ?? "";
  setupLink = (await running.printed(/^ {2}(http\S+\/setup\/\?token=\S+)\n/m))[1] ?? "";
  await running.printed(/Ctrl-C stops it\./);
});

afterAll(async () => {
  await workplace.remove();
});

describe("start on a fresh data directory", () => {
  it("answers with the pages, and prints the link that makes the administrator", async () => {
    const page = await fetch(url);
    const session = await fetch(`${url}/api/session`);

    expect(await page.text()).toContain('<div id="root">');
    expect(await session.json()).toMatchObject({ user: null, needsSetup: true });
    expect(setupLink.startsWith(`${url}/setup/?token=`)).toBe(true);
    expect(running.text()).toContain(`data in      ${workplace.dataDirectory}\n`);
  });

  it("is refused while another Plumbline uses the directory, which goes on", async () => {
    const second = await workplace.run("start", "--port", "0");

    expect(second.code).toBe(1);
    expect(second.errors).toContain(
      `plumbline: Another Plumbline (pid ${String(running.pid)}, since `,
    );
    expect(second.errors).toContain("set PLUMBLINE_DATA_DIR to another directory");
    expect((await fetch(`${url}/api/session`)).status).toBe(200);
  });
});

describe("jobs", () => {
  it("lists what there is as one JSON document", async () => {
    const { code, output } = await workplace.run("jobs", "--json");

    expect(code).toBe(0);
    const listed = JSON.parse(output) as { jobs: { id: string }[]; errors: unknown[] };
    expect(listed.errors).toEqual([]);
    expect(listed.jobs.map(({ id }) => id).toSorted()).toEqual([
      "endless",
      "example-data-source",
      "example-data-target",
      "folder-estate-source",
      "folder-estate-target",
      "two-lists",
    ]);
  });

  it("names file and line of what does not load, lists the others, and ends with 1", async () => {
    const broken = await createWorkplace({
      "jobs/broken.ts": "const one = 1;\nexport default = one;\n",
    });
    const { code, output, errors } = await broken.run("jobs");
    await broken.remove();

    expect(code).toBe(1);
    expect(output).toMatch(/^JOB +TITLE .*\nexample-data-source /);
    expect(output).not.toMatch(/ $/m);
    expect(errors).toMatch(/jobs\/broken\.ts:2: /);
  });
});

describe("sync of a job, with the worker that runs", () => {
  it("writes nothing in a dry run, applies with --apply, and then finds nothing to do", async () => {
    const dry = await workplace.run("plan", "folder-estate-source", "--exit-code");
    const applied = await workplace.run("sync", "folder-estate-source", "--apply", "--json");
    const again = await workplace.run("sync", "folder-estate-source", "--apply", "--exit-code");

    expect([dry.code, applied.code, again.code]).toEqual([2, 0, 0]);
    expect(dry.output).toContain("planned: 2 to create, 0 to update, 0 to delete\n");
    // The dry run left them to create.
    expect(JSON.parse(applied.output)).toMatchObject({
      jobId: "folder-estate-source",
      status: "applied",
      counts: { create: 2, applied: 2 },
    });
    expect(again.output).toContain("in-agreement: Nothing to change\n");
    for (const { errors } of [dry, applied, again]) {
      expect(errors).not.toContain("no worker is running");
      expect(errors).toMatch(/^success +run +Run ended/m);
      expect(errors).not.toContain("\u001b");
      expect(errors).not.toMatch(/^\n/m);
    }
  });

  it("of a comparison says how the two differ, and refuses to apply it", async () => {
    const compared = await workplace.run("sync", "two-lists", "--exit-code");
    const refused = await workplace.run("sync", "two-lists", "--apply");

    expect([compared.code, refused.code]).toEqual([2, 1]);
    expect(compared.output).toContain("different: 1 only in Left, 0 differ, 1 only in Right\n");
    expect(compared.output).toContain("Left ↔ Right (comparison)\n");
    expect(compared.output).toMatch(
      /^ +only in Left +differ +only in Right +equal\nTenants +1 +0 +1 +1$/m,
    );
    expect(compared.output).not.toMatch(/plumbline apply|create|delete|dry run/);
    const [, id = ""] = /^sync (\S+)$/m.exec(compared.output) ?? [];
    const shown = await workplace.run("show", id, "--changes");
    expect(shown.output).toContain("< tenant Globex  only in Left\n");
    expect(shown.output).toContain("> tenant Initech  only in Right\n");
    expect(refused.errors).toContain(
      "The job two-lists compares two systems and writes to neither. Run it without asking to apply.",
    );
  });

  it("ends with 3 where the deletes are too many, and the hub keeps them", async () => {
    await estate(acme("first"));
    const withheld = await workplace.run("sync", "folder-estate-source", "--apply");
    await workplace.write("estate/tenants.yaml", "[]\n");
    const held = await workplace.run("sync", "folder-estate-source", "--apply", "--deletes");

    expect([withheld.code, held.code]).toEqual([3, 3]);
    expect(withheld.output).toContain("1 delete withheld");
    expect(held.output).toMatch(/^held: 2 of /m);
  });

  it("ends with 4 where a row cannot be read, and applies the others", async () => {
    await estate(acme("better"), "{ name: Globex, description: [wrong] }", "{ name: Initech }");
    const { code, output } = await workplace.run("sync", "folder-estate-source", "--apply");

    expect(code).toBe(4);
    expect(output).toContain("partial: 1 created, 1 updated, 0 deleted; 1 finding");
  });

  it("ends with 1 where the source cannot be read", async () => {
    await workplace.write("estate/tenants.yaml", "- name: [unfinished\n");
    const { code, output } = await workplace.run("sync", "folder-estate-source", "--apply");

    expect(code).toBe(1);
    expect(output).toMatch(/^failed: /m);
    expect(output).toContain("tenants.yaml");
  });

  it("ends with 5 when it is interrupted, and the run is recorded as cancelled", async () => {
    const started = workplace.start("sync", "endless", "--var", "pause=60", "--apply");
    await started.printed(/waiting/);
    started.interrupt();
    const { code, output, errors } = await started.ended;

    expect(code).toBe(5);
    expect(errors).toContain("cancelling; once more leaves the run to its worker\n");
    expect(output).toMatch(/^cancelled: /m);
  });

  it.each([
    [["exampel"], 'There is no job "exampel"; the dashboard and `plumbline jobs` list the jobs'],
    [
      ["endless", "--var", "rest=1"],
      "The job's variables are not right: pause is required; rest is not a variable of this job",
    ],
    [["endless", "--var", "pause"], "--var pause is not of the form name=value"],
  ])("%j ends with 1 and says: %s", async (parameters, message) => {
    const { code, output, errors } = await workplace.run("sync", ...parameters);

    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toContain(message);
  });
});

describe("show and syncs", () => {
  const setUp = async (): Promise<string> => {
    const token = new URL(setupLink).searchParams.get("token");
    const answer = await fetch(`${url}/api/setup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token, username: "ada", password: "lovelace-1815" }),
    });
    expect(answer.status).toBe(201);
    return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  };

  it("end with 6 for a plan that was applied too late, and show why nothing was written", async () => {
    await estate(acme("reviewed"));
    const dry = await workplace.run("sync", "folder-estate-source", "--json");
    await estate(acme("newer"));
    await workplace.run("sync", "folder-estate-source", "--apply");
    const { id, planDigest, decisionsRevision } = JSON.parse(dry.output) as {
      id: string;
      planDigest: string;
      decisionsRevision: number;
    };
    const headers = { cookie: await setUp(), "content-type": "application/json" };
    const asked = await fetch(`${url}/api/ssot/syncs/${id}/apply`, {
      method: "POST",
      headers,
      body: JSON.stringify({ planDigest, decisionsRevision }),
    });
    expect(asked.status).toBe(202);

    const { jobResultId } = (await asked.json()) as { jobResultId: string };
    let status: SyncStatus = "pending";
    while (!isFinal(status)) {
      await sleep(100);
      const answer = await fetch(`${url}/api/ssot/job-results/${jobResultId}`, { headers });
      ({ status } = (await answer.json()) as { status: SyncStatus });
    }

    const [shown, text] = await Promise.all([
      workplace.run("show", id, "--changes", "--json"),
      workplace.run("show", id.slice(0, 8), "--changes"),
    ]);

    expect([shown.code, text.code]).toEqual([6, 6]);
    expect(JSON.parse(shown.output)).toMatchObject({
      status: "stale",
      changes: expect.arrayContaining([
        expect.objectContaining({ action: "update", label: "Acme" }),
      ]) as unknown,
    });
    expect(text.output).toMatch(/^stale: /m);
    expect(text.output).toMatch(/^~ tenant Acme \[description\]/m);
  });

  it("list the newest first, as a table or one JSON document", async () => {
    const [table, json] = await Promise.all([
      workplace.run("syncs", "--limit", "2"),
      workplace.run("syncs", "--limit", "2", "--json"),
    ]);

    const rows = JSON.parse(json.output) as { id: string; jobId: string }[];
    expect(rows).toMatchObject([{ jobId: "folder-estate-source" }, {}]);
    const [heading, ...lines] = table.output.trimEnd().split("\n");
    expect(heading).toMatch(/^SYNC +WHEN +JOB +TYPE +STATUS +OUTCOME$/);
    expect(lines.map((line) => line.slice(0, 8))).toEqual(rows.map(({ id }) => id.slice(0, 8)));
  });

  it.each([
    ["zzz", '"zzz" is not the id of a sync, nor the first four letters or more of one'],
    ["00000000", "There is no sync 00000000; `plumbline syncs` lists them."],
  ])("show %s ends with 1 and says: %s", async (id, message) => {
    const { code, errors } = await workplace.run("show", id);

    expect(code).toBe(1);
    expect(errors).toContain(message);
  });
});

describe("a recorded sync", () => {
  interface Shown {
    readonly id: string;
    readonly status: SyncStatus;
    readonly counts: Readonly<Record<string, number>>;
    readonly jobResults: readonly { readonly kind: string }[];
  }
  const asked = async (...parameters: string[]): Promise<[code: number | null, sync: Shown]> => {
    const { code, output } = await workplace.run(...parameters, "--json");
    return [code, JSON.parse(output) as Shown];
  };
  const umbrella = (more = ""): string => `{ name: Umbrella, description: third${more} }`;

  it("is applied as it was planned, once; undo plans the way back, and that is applied alike", async () => {
    await estate(acme("newer"), umbrella());
    const [, plan] = await asked("plan", "folder-estate-source");
    expect(plan).toMatchObject({ status: "planned", counts: { create: 1, applied: 0 } });

    const { output } = await workplace.run("show", plan.id);
    const [, digest = ""] = /^plan ([0-9a-f]{8})\.0$/m.exec(output) ?? [];
    expect(output).toContain(`plumbline apply ${plan.id} --plan ${digest}.0\n`);
    const others = [`00000000.0`, `${digest}.7`, "latest"];
    const refused = await Promise.all(
      others.map((word) => workplace.run("apply", plan.id, "--plan", word)),
    );
    expect(refused.map(({ code, output }) => [code, output])).toEqual([
      [6, ""],
      [6, ""],
      [1, ""],
    ]);
    expect(refused[0]?.errors).toContain("The approval is of another plan (00000000)");
    expect(refused[1]?.errors).toContain("What is decided about the plan changed since you looked");
    expect(refused[2]?.errors).toContain("--plan latest names no plan");

    const applied = await asked("apply", plan.id, "--plan", `${digest}.0`);
    const again = await workplace.run("apply", plan.id);
    const [code, undo] = await asked("undo", plan.id.slice(0, 8));
    const takenBack = await workplace.run("apply", undo.id);

    expect(applied).toMatchObject([0, { id: plan.id, status: "applied", counts: { applied: 1 } }]);
    expect(again).toMatchObject({ code: 1, output: "" });
    expect(again.errors).toMatch(/already applied by/);
    expect([code, undo]).toMatchObject([0, { status: "planned", counts: { delete: 1 } }]);
    expect(undo.id).not.toBe(plan.id);
    expect(takenBack.errors).toMatch(
      /^plan [0-9a-f]{8}\.0: 0 to create, 0 to update, 1 to delete; 1 will be applied, 0 rejected, 0 held$/m,
    );
    expect([takenBack.code, takenBack.output]).toEqual([
      0,
      expect.stringMatching(/^applied: /m) as string,
    ]);
  });

  it("is rolled back at once", async () => {
    const [, sync] = await asked("sync", "folder-estate-source", "--apply");
    expect(sync).toMatchObject({ status: "applied", counts: { create: 1, applied: 1 } });

    const [code, back] = await asked("rollback", sync.id);

    expect([code, back]).toMatchObject([
      0,
      { status: "applied", counts: { delete: 1, applied: 1 } },
    ]);
    const [, plan] = await asked("plan", "folder-estate-source");
    expect(plan.counts).toMatchObject({ create: 1 });
  });

  it("has what failed tried again, and nothing where nothing is left", async () => {
    await estate(acme("newer"), umbrella(", tags: [unheard-of]"));
    const [code, failed] = await asked("sync", "folder-estate-source", "--apply");
    expect([code, failed]).toMatchObject([
      1,
      { status: "failed", counts: { create: 1, failed: 1, applied: 0 } },
    ]);

    const retried = await asked("retry", failed.id);
    const resumed = await workplace.run("resume", failed.id);

    expect(retried).toMatchObject([1, { id: failed.id, counts: { failed: 1, applied: 0 } }]);
    expect(retried[1].jobResults).toMatchObject([{ kind: "run" }, { kind: "retry" }]);
    expect(resumed).toMatchObject({ code: 1, output: "" });
    expect(resumed.errors).toMatch(/nothing to resume/);
  });
});

describe("a database of one's own", () => {
  it("that does not answer is named in one line", async () => {
    const environment = { DATABASE_URL: "postgres://ada@127.0.0.1:1/plumbline" };
    const { code, output, errors } = await workplace.runWith(environment, "syncs");

    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toBe(
      "plumbline: No PostgreSQL answers at 127.0.0.1:1, where DATABASE_URL points. Check host and port, and that the server runs.\n",
    );
  });

  it("is migrated by migrate, and serves where the port is free", async () => {
    const database = await createTestDatabase({ isEmpty: true });
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const port = String((other.address() as AddressInfo).port);
    const environment = { DATABASE_URL: database.connectionString };
    try {
      const migrated = await workplace.runWith(environment, "migrate");
      const taken = await workplace.runWith(environment, "serve", "--port", port);

      expect(migrated).toMatchObject({ code: 0, output: "The database is up to date.\n" });
      expect(migrated.errors).toContain("Migrating the database: 0001-core.\n");
      expect(taken.code).toBe(1);
      expect(taken.errors).toContain(
        `The port ${port} on 127.0.0.1 is taken by another program. Stop that one, or choose another with --port.`,
      );
    } finally {
      other.close();
      await database.drop();
    }
  });
});

describe("the end", () => {
  it("of start, by Ctrl-C, leaves no process behind", async () => {
    running.interrupt();
    const { code, errors } = await running.ended;

    expect(code).toBe(0);
    expect(errors).toContain("Stopping (SIGINT)");
    expect(await processesOf(workplace)).toEqual([]);
  });

  it("of a job without a Plumbline beside it, by Ctrl-C, stops its worker and the database", async () => {
    const started = workplace.start("sync", "endless", "--var", "pause=60", "--json");
    await started.printed(/waiting/);
    started.interrupt();
    const { code, output, errors } = await started.ended;

    expect(code).toBe(5);
    expect(errors).toContain("no worker is running: this command runs the job itself\n");
    expect(JSON.parse(output)).toMatchObject({ jobId: "endless", status: "cancelled" });
    expect(await processesOf(workplace)).toEqual([]);
  });
});

/** Command lines of processes that work in the installation, after a moment for the last of them. */
async function processesOf({ folder, dataDirectory }: Workplace): Promise<string[]> {
  for (let look = 0; ; look += 1) {
    const found: string[] = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const [command, directory] = await Promise.all([
        readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => ""),
        readFile(join("/proc", pid, "environ"), "utf8").catch(() => ""),
      ]);
      const isOurs = command.includes(folder) || directory.includes(dataDirectory);
      if (isOurs) found.push(`${pid} ${command.replaceAll("\0", " ")}`);
    }
    if (found.length === 0 || look === 20) return found;
    await sleep(100);
  }
}
