import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { InvalidInputError } from "@plumbline/sync";
import { keepYoungGenerationSmall } from "./young-generation.ts";

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new InvalidArgumentError("A port is a number from 0 to 65535 (0: any free one).");
  }
  return number;
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1000) {
    throw new InvalidArgumentError("Give a whole number from 1 to 1000.");
  }
  return number;
}

function collect(text: string, previous: string[]): string[] {
  return [...previous, text];
}

interface PlanOptions {
  deletes?: boolean;
  var: string[];
  ignore: string[];
  json?: boolean;
  exitCode?: boolean;
}

function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The `plumbline` command. Each action loads its module when it runs, so that `--help` and `diff` start fast. */
export function createProgram(): Command {
  const program = new Command("plumbline")
    .description(
      "Keeps systems of record in agreement. A sync is a dry run unless --apply is given.",
    )
    .version(readVersion())
    .showHelpAfterError("(plumbline --help lists commands and options)")
    .showSuggestionAfterError();

  for (const [name, summary] of [
    ["start", "web, API and worker in one process"],
    ["serve", "web and API only"],
  ] as const) {
    program
      .command(name)
      .description(summary)
      .option("--port <number>", "port of pages and API", port, 8080)
      .option("--host <address>", "address to listen on", "127.0.0.1")
      .option("--allowed-host <name...>", "further host names that requests may use")
      .action(async (options: { port: number; host: string; allowedHost?: string[] }) => {
        keepYoungGenerationSmall();
        const { start } = await import("./commands/start.ts");
        await start({ ...options, roles: { web: true, worker: name === "start" } });
      });
  }

  program
    .command("worker")
    .description(
      "a worker only: beside a Plumbline of this machine, or with the DATABASE_URL of the others",
    )
    .action(async () => {
      const { worker } = await import("./commands/start.ts");
      await worker();
    });

  program
    .command("migrate")
    .description("bring the database's tables up to date")
    .action(async () => {
      const { migrate } = await import("./commands/migrate.ts");
      await migrate();
    });

  program
    .command("jobs")
    .description("list the Data Sources and Data Targets, and what could not be loaded")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => {
      const { jobs } = await import("./commands/jobs.ts");
      process.exitCode = await jobs(options);
    });

  program
    .command("plan")
    .description("run a job dry and record its plan, to be looked at and applied")
    .argument("<job>", "its id")
    .option("--deletes", "plan deletes as to be applied, under the ceiling")
    .option("--var <name=value>", "a variable of the job; may be repeated", collect, [])
    .option("--ignore <what>", "pass over a field or an action; may be repeated", collect, [])
    .option("--json", "print JSON")
    .option("--exit-code", "end with 2 when it finds differences")
    .action(async (id: string, options: PlanOptions) => {
      const { syncJob } = await import("./commands/sync-job.ts");
      process.exitCode = await syncJob(id, options);
    });

  program
    .command("sync")
    .description("run a job, or make folder or JSON file <target> agree with <job-or-source>")
    .argument("<job-or-source>", "a job's id, or a path when a target is given")
    .argument("[target]", "the path to change")
    .option("--apply", "write the changes; without it this is a dry run")
    .option("--deletes", "apply deletes too, under the ceiling")
    .option("--var <name=value>", "a variable of the job; may be repeated", collect, [])
    .option(
      "--ignore <what>",
      "pass over a field (device.comments) or an action (site:delete); may be repeated",
      collect,
      [],
    )
    .option("--json", "print JSON")
    .option("--exit-code", "end with 2 when a dry run finds differences")
    .action(
      async (
        first: string,
        target: string | undefined,
        options: PlanOptions & { apply?: boolean },
      ) => {
        if (target === undefined) {
          const { syncJob } = await import("./commands/sync-job.ts");
          process.exitCode = await syncJob(first, options);
        } else {
          if (options.var.length > 0) {
            throw new InvalidInputError(
              "--var sets a variable of a job, and two paths have none; leave it out.",
            );
          }
          const { syncPaths } = await import("./commands/sync-paths.ts");
          process.exitCode = await syncPaths(first, target, { ...options, isTarget: true });
        }
      },
    );

  const verbs = {
    apply: "apply the plan of a dry run: exactly its changes, as they were reviewed",
    resume: "carry on with a plan whose run ended early: what was not tried",
    retry: "try again what failed of a plan",
    undo: "plan the way back from what a sync applied, to be looked at and applied",
    rollback: "take back at once what a sync applied",
  } as const;
  for (const [verb, description] of Object.entries(verbs)) {
    const command = program
      .command(verb)
      .description(description)
      .argument("<sync>", "its id, or the beginning of it");
    if (verb === "apply") {
      command.option("--plan <word>", "refuse where it is not the plan that `show` named so");
    }
    command
      .option("--json", "print JSON")
      .action(async (id: string, options: { plan?: string; json?: boolean }) => {
        const { carryOutAndFollow } = await import("./commands/carry-out.ts");
        process.exitCode = await carryOutAndFollow(verb as keyof typeof verbs, id, options);
      });
  }

  program
    .command("diff")
    .description("show what would change in <b> to make it agree with <a>; no server, no database")
    .argument("<a>", "a folder or JSON file")
    .argument("<b>", "a folder or JSON file")
    .option("--json", "print JSON")
    .option("--exit-code", "end with 2 when there are differences")
    .action(async (a: string, b: string, options: { json?: boolean; exitCode?: boolean }) => {
      const { syncPaths } = await import("./commands/sync-paths.ts");
      process.exitCode = await syncPaths(a, b, { ...options, isTarget: false });
    });

  program
    .command("syncs")
    .description("list the newest syncs")
    .option("--limit <number>", "how many", count, 20)
    .option("--json", "print JSON")
    .action(async (options: { limit: number; json?: boolean }) => {
      const { syncs } = await import("./commands/syncs.ts");
      await syncs(options);
    });

  program
    .command("show")
    .description("show one sync")
    .argument("<sync>", "its id, or the beginning of it")
    .option("--changes", "list every change with its outcome")
    .option("--json", "print JSON")
    .action(async (id: string, options: { changes?: boolean; json?: boolean }) => {
      const { show } = await import("./commands/show.ts");
      process.exitCode = await show(id, options);
    });

  return program;
}
