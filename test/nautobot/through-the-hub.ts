// One Nautobot → hub → another Nautobot, through real runs. It writes the second one.
import { setTimeout as sleep } from "node:timers/promises";
import { hubModels } from "@plumbline/models";
import { isFinal, type SyncStatus } from "@plumbline/sync";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../../packages/server/test/support/runner.ts";

const from = process.env["NAUTOBOT_URL"] ?? "";
const to = process.env["NAUTOBOT_TARGET_URL"] ?? "";
const tokens = {
  [from]: process.env["NAUTOBOT_TOKEN"] ?? "",
  [to]: process.env["NAUTOBOT_TARGET_TOKEN"] ?? process.env["NAUTOBOT_TOKEN"] ?? "",
};

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    "token-from": tokens[from] ?? "",
    "token-to": tokens[to] ?? "",
    "plumbline.config.ts": `
      import { nautobot } from "@plumbline/integrations/nautobot";
      import { fromFile } from "@plumbline/plugin-kit";
      export default {
        connections: {
          from: nautobot({ url: "${from}", token: fromFile("token-from") }),
          to: nautobot({ url: "${to}", token: fromFile("token-to"), mayWrite: true }),
        },
      };
    `,
  });
  await runner.work();
});

afterAll(async () => {
  await runner.close();
});

interface Listed {
  readonly count: number;
  readonly results: readonly {
    readonly name: string;
    readonly primary_ip4: { readonly display?: string } | null;
  }[];
}

async function ask(url: string, path: string): Promise<Listed> {
  const answer = await fetch(`${url}/api/${path}`, {
    headers: { authorization: `Token ${tokens[url] ?? ""}` },
  });
  if (!answer.ok) throw new Error(`${url}/api/${path} answered ${answer.status}`);
  return (await answer.json()) as Listed;
}

async function isUnderWay(jobResultId: string): Promise<boolean> {
  const [row] = await runner.query<{ status: SyncStatus }>(
    "select status from job_result where id = $1",
    [jobResultId],
  );
  return row !== undefined && !isFinal(row.status);
}

async function timed(jobId: string) {
  const start = performance.now();
  const { jobResultId } = await runner.start({ jobId, isDryRun: false });
  while (await isUnderWay(jobResultId)) await sleep(200);
  const { status, counts, reason } = await runner.ended(jobResultId);
  const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
  process.stdout.write(`${JSON.stringify({ jobId, status, reason, counts, seconds })}\n`);
  return { status, counts, reason };
}

it("everything in the first is created in the hub, and from there in the second", async () => {
  const pulled = await timed("nautobot-from");
  const pushed = await timed("nautobot-to-target");

  expect(pulled).toMatchObject({ status: "applied", counts: { failed: 0 } });
  expect(pushed).toMatchObject({ status: "applied", counts: { failed: 0 } });
});

it("again there is nothing to change, in the hub and in the second", async () => {
  expect(await timed("nautobot-from")).toMatchObject({ status: "in-agreement" });
  expect(await timed("nautobot-to-target")).toMatchObject({ status: "in-agreement" });
});

it("the second has what the first has, primary addresses of devices included", async () => {
  for (const { model, restPath } of hubModels) {
    const [here, there] = await Promise.all(
      [from, to].map(async (url) => (await ask(url, `${restPath}/?limit=1`)).count),
    );
    expect([model.name, (there ?? 0) >= (here ?? 0)]).toEqual([model.name, true]);
  }
  const primaries = async (url: string) => {
    const { results } = await ask(url, "dcim/devices/?limit=500&depth=1&sort=name");
    return results.map(({ name, primary_ip4 }) => [name, primary_ip4?.display ?? null]);
  };
  const expected = await primaries(from);
  expect(expected.filter(([, address]) => address !== null).length).toBeGreaterThan(0);
  expect(await primaries(to)).toEqual(expected);
});
