import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkplace, type Workplace } from "./support/plumbline.ts";

const names = (...list: string[]): string => list.map((name) => `- name: ${name}\n`).join("");
const many = (count: number): string =>
  names(...Array.from({ length: count }, (_, index) => `Tenant ${String(index)}`));
const addresses = (count: number): string =>
  "namespace,host,mask_length,status\n" +
  Array.from(
    { length: count },
    (_, index) =>
      `Global,10.${String(index >> 16)}.${String((index >> 8) & 255)}.${String(index & 255)},16,Active\n`,
  ).join("");

let workplace: Workplace;

beforeAll(async () => {
  workplace = await createWorkplace({
    "source/tenants.yaml": names("Acme", "Globex"),
    "two.json": '{ "tenants": [{ "name": "Acme" }] }',
    "crowd/.plumbline": "",
    "crowd/tenants.yaml": many(30),
    "spoilt/tenants.yaml": "- name: Acme\n- name: Globex\n  description: [1, 2]\n",
    "theirs/notes.txt": "do not touch\n",
    "large/ip_addresses.csv": addresses(60_000),
    "text.txt": "no folder\n",
  });
});
afterAll(async () => {
  await workplace.remove();
});

describe("diff", () => {
  it("ends with 0, or with 2 where asked for it, and prints every change as a line", async () => {
    const [plain, coded] = await Promise.all([
      workplace.run("diff", "source", "two.json"),
      workplace.run("diff", "source", "two.json", "--exit-code"),
    ]);

    expect([plain.code, coded.code]).toEqual([0, 2]);
    expect(plain.output).toBe(
      "Tenants\n  + Globex\n1 to create, 0 to update, 0 to delete (dry run: nothing was written)\n",
    );
    expect(plain.errors).toMatch(/^load source: 2 in \d+\.\d s$/m);
    // No colour, no cursor movement: this is a pipe.
    expect(plain.output + plain.errors).not.toContain("\u001b");
  });

  it("prints one JSON document and nothing else with --json", async () => {
    const { code, output } = await workplace.run("diff", "source", "two.json", "--json");

    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      status: "planned",
      isDryRun: true,
      models: [{ model: "tenant", source: 2, target: 1, create: 1 }],
      changes: [{ action: "create", model: "tenant", label: "Globex" }],
      outcomes: [],
      findings: [],
    });
  });

  it.each([
    [["diff", "source"], "missing required argument 'b'"],
    [["dif", "source", "two.json"], "(Did you mean diff?)"],
    [["diff", "source", "two.json", "--jsn"], "(Did you mean --json?)"],
    [["diff", "missing", "source"], "There is no folder or JSON file missing; check the path."],
    [["diff", "source", "missing"], "There is no folder or JSON file missing; check the path."],
    [["diff", "source", "text.txt"], "text.txt is a file that does not end in .json"],
  ])("%j ends with 1 and says: %s", async (parameters, message) => {
    const { code, output, errors } = await workplace.run(...parameters);

    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toContain(message);
  });
});

describe("sync of two paths", () => {
  it("writes nothing in a dry run, the same changes with --apply, and then finds nothing to do", async () => {
    const dry = await workplace.run("sync", "source", "fresh");
    await expect(workplace.list("fresh")).rejects.toThrow("ENOENT");
    const applied = await workplace.run("sync", "source", "fresh", "--apply");
    const again = await workplace.run("sync", "source", "fresh", "--apply", "--exit-code");

    expect([dry.code, applied.code, again.code]).toEqual([0, 0, 0]);
    const changes = "Tenants\n  + Acme\n  + Globex\n";
    expect(dry.output.startsWith(changes)).toBe(true);
    expect(applied.output).toBe(`${changes}2 created, 0 updated, 0 deleted\n`);
    expect(again.output).toBe("Nothing to change\n");
    expect(await workplace.list("fresh")).toEqual([".plumbline", "tenants.yaml"]);
    expect(await workplace.read("fresh/tenants.yaml")).toBe(names("Acme", "Globex"));
  });

  it("withholds deletes nobody asked for, and ends with 3 where those asked for are too many", async () => {
    const withheld = await workplace.run("sync", "source", "crowd", "--apply");
    const held = await workplace.run("sync", "source", "crowd", "--apply", "--deletes", "--json");

    expect(withheld.output).toContain("2 created, 0 updated, 0 deleted; 30 deletes withheld");
    expect(held.code).toBe(3);
    expect(JSON.parse(held.output)).toMatchObject({ status: "held", outcomes: [] });
    expect((await workplace.read("crowd/tenants.yaml")).split("\n- ")).toHaveLength(32);
  });

  it("ends with 4 where a row cannot be read, and applies the others", async () => {
    const { code, output } = await workplace.run("sync", "spoilt", "rest", "--apply");

    expect(code).toBe(4);
    expect(output).toContain("1 created, 0 updated, 0 deleted; 1 finding");
    expect(output).toMatch(/! source: .*description.*\(tenants\.yaml:2\)/);
    expect(await workplace.read("rest/tenants.yaml")).toBe(names("Acme"));
  });

  it("ends with 5 when it is interrupted, and writes nothing", async () => {
    const started = workplace.start("sync", "large", "cancelled", "--apply", "--json");
    await started.printed(/^load target/m);
    started.interrupt();
    const { code, output, errors } = await started.ended;

    expect({ code, output }).toEqual({ code: 5, output: "" });
    expect(errors).toContain("cancelling; once more stops at once\n");
    expect(errors).toContain("plumbline: Cancelled by Ctrl-C; run it again to go on.");
    await expect(workplace.list("cancelled")).rejects.toThrow("ENOENT");
  });

  it.each([
    [["theirs", "--apply"], /The folder theirs was not made by Plumbline and is not empty/],
    [["fresh", "--var", "a=b"], /--var sets a variable of a job, and two paths have none/],
  ])("to %j is refused before anything is written", async (parameters, message) => {
    const { code, output, errors } = await workplace.run("sync", "source", ...parameters);

    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toMatch(message);
    expect(await workplace.list("theirs")).toEqual(["notes.txt"]);
  });

  it("of one path asks for the other", async () => {
    const { code, errors } = await workplace.run("sync", "./source");

    expect(code).toBe(1);
    expect(errors).toContain("name both: plumbline sync ./source <target>.");
  });
});

it("help names every command of the documentation, and the version is the package's", async () => {
  const [help, version] = await Promise.all([workplace.run("--help"), workplace.run("--version")]);

  const commands = [...help.output.matchAll(/^ {2}([a-z]+) .* {2}[a-z]/gm)].map(([, name]) => name);
  expect(commands).toEqual([
    "start",
    "serve",
    "worker",
    "migrate",
    "jobs",
    "plan",
    "sync",
    "apply",
    "resume",
    "retry",
    "undo",
    "rollback",
    "diff",
    "syncs",
    "show",
    "help",
  ]);
  expect(help.output).toContain("A sync is a dry run unless --apply is");
  expect(version).toMatchObject({ code: 0, output: "0.1.0\n" });
});
