// What a sync wrote into a real Nautobot is taken back. It makes tenants of its own there, and takes them away; its
// scope leaves all others alone.
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../../packages/server/test/support/runner.ts";

const url = process.env["NAUTOBOT_TARGET_URL"] ?? "";
const token = process.env["NAUTOBOT_TARGET_TOKEN"] ?? process.env["NAUTOBOT_TOKEN"] ?? "";

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    token,
    "plumbline.config.ts": `
      import { nautobot } from "@plumbline/integrations/nautobot";
      import { Tenant } from "@plumbline/models";
      import { fromFile } from "@plumbline/plugin-kit";
      const whole = nautobot({
        url: "${url}",
        token: fromFile("token"),
        models: [Tenant],
        mayWrite: true,
      });
      const own = ["one", "two", "three", "four"].map((name) => "taken-back-" + name);
      const scope = () => ({ tenant: [{ field: "name", isOneOf: own }] });
      const jobs = (name) => whole.jobs(name).map((job) => ({ ...job, scope }));
      export default { connections: { to: { ...whole, jobs } } };
    `,
  });
  await runner.work();
});

afterAll(async () => {
  for (const { id } of await tenants()) await ask("DELETE", `tenancy/tenants/${id}/`);
  await runner.close();
});

interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

function ask(method: "GET" | "PATCH" | "DELETE", path: string, body?: object): Promise<Response> {
  return fetch(`${url}/api/${path}`, {
    method,
    headers: { authorization: `Token ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function tenants(): Promise<readonly Tenant[]> {
  const answer = await ask("GET", "tenancy/tenants/?name__isw=taken-back-&sort=name");
  return ((await answer.json()) as { results: readonly Tenant[] }).results;
}

const values = async () =>
  (await tenants()).map(({ name, description }) => `${name}: ${description}`);

const write = { jobId: "nautobot-to-target", isDryRun: false, asksDeletes: true } as const;

it("a sync's creates, updates and deletes are taken back, save what somebody changed there since", async () => {
  await runner.query(
    `insert into tenants (name, description)
     select 'taken-back-' || name, 'first' from unnest(array['one', 'two', 'three']) name`,
  );
  const first = await runner.run(write);
  expect(first).toMatchObject({ counts: { created: 3, failed: 0 } });
  await runner.query(
    `update tenants set description = 'second', version = version + 1
      where name in ('taken-back-one', 'taken-back-two')`,
  );
  await runner.query("delete from tenants where name = 'taken-back-three'");
  await runner.query("insert into tenants (name) values ('taken-back-four')");
  const second = await runner.run(write);
  expect(second).toMatchObject({ counts: { created: 1, updated: 2, deleted: 1, failed: 0 } });
  const [, , two] = await tenants();
  await ask("PATCH", `tenancy/tenants/${two?.id ?? ""}/`, { description: "theirs" });
  expect(await values()).toEqual([
    "taken-back-four: ",
    "taken-back-one: second",
    "taken-back-two: theirs",
  ]);

  const { jobResultId } = await runner.carryOut(second.syncId, "rollback");
  const back = await runner.ended(jobResultId);

  expect(back).toMatchObject({ status: "held", counts: { held: 1, failed: 0 } });
  expect(await values()).toEqual([
    "taken-back-one: first",
    "taken-back-three: first",
    "taken-back-two: theirs",
  ]);
});
