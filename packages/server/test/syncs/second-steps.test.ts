import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

const address = (host: string, inside: string): string =>
  `- namespace: Lab
  host: 10.0.0.${host}
  mask_length: 24
  status: Active
  nat_inside: { namespace: Lab, host: 10.0.0.${inside} }
`;

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `
      import { folder } from "@plumbline/integrations/folder";
      import { IPAddress, Namespace, Prefix, Status } from "@plumbline/models";
      export default {
        connections: {
          estate: folder({ path: "estate", models: [Status, Namespace, Prefix, IPAddress] }),
          copy: folder({ path: "copy", models: [Status, Namespace, Prefix, IPAddress] }),
        },
      };
    `,
    "estate/statuses.yaml": "- { name: Active, content_types: [ipam.prefix, ipam.ipaddress] }\n",
    "estate/namespaces.yaml": "- name: Lab\n",
    "estate/prefixes.yaml": "- { namespace: Lab, prefix: 10.0.0.0/24, status: Active }\n",
    "estate/ip_addresses.yaml": address("1", "2") + address("2", "1"),
  });
  await runner.work();
});

afterAll(() => runner.close());

const steps = (syncId: string) =>
  runner.query("select step, action from sync_change where sync_id = $1 and step <> 1", [syncId]);

it("a recorded plan with a circle is applied to the hub, each object counted once", async () => {
  const dry = await runner.run({ jobId: "folder-estate-source" });

  expect(await steps(dry.syncId)).toEqual([
    { step: 2, action: "update" },
    { step: 2, action: "update" },
  ]);
  const { jobResultId } = await runner.startApply(dry.syncId);
  const run = await runner.ended(jobResultId);

  expect(run).toMatchObject({ status: "applied", counts: { created: 5, updated: 0, failed: 0 } });
  expect(
    await runner.query(
      "select a.host, b.host as inside from ip_addresses a join ip_addresses b on b.id = a.nat_inside_id order by 1",
    ),
  ).toMatchObject([{ host: "10.0.0.1" }, { host: "10.0.0.2" }]);
  expect(await runner.run({ jobId: "folder-estate-source" })).toMatchObject({
    status: "in-agreement",
  });
});

it("a recorded plan with a circle is applied to a folder", async () => {
  const dry = await runner.run({ jobId: "folder-copy-target" });

  expect(await steps(dry.syncId)).toHaveLength(2);
  const { jobResultId } = await runner.startApply(dry.syncId);
  const run = await runner.ended(jobResultId);

  expect(run.status).toBe("applied");
  const file = join(runner.installation.folder, "copy", "ip_addresses.yaml");
  expect((await readFile(file, "utf8")).match(/nat_inside/g)).toHaveLength(2);
  expect(await runner.run({ jobId: "folder-copy-target" })).toMatchObject({
    status: "in-agreement",
  });
});
