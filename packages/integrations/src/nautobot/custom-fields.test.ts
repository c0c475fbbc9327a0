import { Tag, Tenant, TenantGroup } from "@plumbline/models";
import { Secret } from "@plumbline/plugin-kit";
import { createSchema, defineModel, silentLogger, sync, text } from "@plumbline/sync";
import { createMemoryAdapter } from "@plumbline/sync/testing";
import { afterEach, expect, it } from "vitest";
import {
  startWritableNautobot,
  type WritableNautobot,
} from "../../test/support/writable-nautobot.ts";
import { openNautobot } from "./nautobot-adapter.ts";

/** Tenants with custom fields, as a run has them. */
const Contracted = defineModel("tenant", {
  key: Tenant.key,
  fields: { ...Tenant.fields, cf_contract: text().nullable(), cf_ours: text().nullable() },
});
const schema = createSchema([Tag, TenantGroup, Contracted]);

let server: WritableNautobot | undefined;
afterEach(async () => {
  await server?.close();
});

const open = () =>
  openNautobot({
    name: "Nautobot (lab)",
    url: server!.url,
    token: new Secret("environment variable NAUTOBOT_TOKEN", () => "right"),
    models: [Contracted],
    mayWrite: true,
    retryDelayMs: 5,
    logger: silentLogger,
    signal: new AbortController().signal,
  });

async function push(contract: string | null, isDryRun = false) {
  const values = { name: "acme", cf_contract: contract, cf_ours: "of the hub alone" };
  return sync({
    schema,
    models: [Contracted],
    source: createMemoryAdapter("hub", schema, [Contracted.record(values)]),
    target: await open(),
    isDryRun,
  });
}

it("values of custom fields that both sides define are written, and the others stay as they are", async () => {
  server = await startWritableNautobot();
  server.create(
    "extras/custom-fields",
    ["contract", "theirs"].map((key) => ({
      ...{ key, label: key, type: "text", grouping: "", description: "", validation_regex: "" },
      content_types: ["tenancy.tenant"],
    })),
  );
  const stored = () => server!.objects("tenancy/tenants")[0]!;

  expect((await push("C-1")).outcomeCounts.applied).toBe(1);
  expect(stored()["custom_fields"]).toEqual({ contract: "C-1" });
  expect((await push("C-1")).changes).toEqual([]);

  server.touch("tenancy/tenants", stored().id, {
    custom_fields: { contract: "C-1", theirs: "theirs" },
  });
  const { changes, outcomeCounts } = await push("C-2");
  expect(changes).toMatchObject([{ action: "update", fields: ["cf_contract"] }]);
  expect(outcomeCounts.applied).toBe(1);
  expect(stored()["custom_fields"]).toEqual({ contract: "C-2", theirs: "theirs" });
});
