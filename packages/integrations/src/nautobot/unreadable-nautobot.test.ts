import { afterEach, describe, expect, it } from "vitest";
import {
  type FakeNautobot,
  type FakeRequest,
  type Fault,
  faults,
  type Recording,
  startFakeNautobot,
} from "../../test/support/fake-nautobot.ts";
import { loadNautobot, type LoadNautobotOptions } from "../../test/support/load-nautobot.ts";

let fake: FakeNautobot | undefined;

afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

async function load(
  decide?: (request: FakeRequest, recording: Recording) => Fault | undefined,
  options?: LoadNautobotOptions,
) {
  fake = await startFakeNautobot(decide);
  return loadNautobot(fake, options);
}

describe("a Nautobot that cannot be read", () => {
  const only =
    (wanted: string, fault: Fault) =>
    ({ path }: FakeRequest) =>
      path === wanted ? fault : undefined;

  it.each([
    [
      "a refused token",
      {},
      { token: "wrong" },
      /token was refused \(403\).*"Invalid token"; check the environment variable NAUTOBOT_TOKEN/,
    ],
    ["a 401", { status: faults.status(401) }, {}, /token was refused \(401\)/],
    [
      "a wrong address",
      { status: faults.status(404) },
      {},
      /no Nautobot API at http.*\(404\); give the address of its home page/,
    ],
    [
      "something else",
      { status: faults.status(200, {}, "{}") },
      {},
      /does not answer as Nautobot does/,
    ],
    ["a page for people", { status: faults.status(200, {}, "<html>") }, {}, /is not JSON/],
    [
      "a version too old",
      { status: faults.status(200, {}, '{"nautobot-version":"1.6.32"}') },
      {},
      /runs Nautobot 1\.6\.32, and only 2\.x and 3\.x/,
    ],
    [
      "a missing permission",
      { "ipam/prefixes": faults.status(403) },
      {},
      /may not read Prefixes; grant it the permission ipam\.view_prefix/,
    ],
    ["an unreachable host", {}, { url: "http://127.0.0.1:9" }, /cannot be reached|broke/],
  ] as const)("says so: %s", async (_, broken, options, message) => {
    const [path, fault] = Object.entries<Fault>(broken)[0] ?? ["", faults.cut];

    await expect(load(only(path, fault), options)).rejects.toThrow(message);
  });

  type Spoil = (object: Record<string, unknown>) => void;

  it.each<[string, string, Spoil, RegExp]>([
    [
      "a value left out",
      "tenants",
      (tenant) => delete tenant["description"],
      /lacks its field description/,
    ],
    [
      "a set left out",
      "statuses",
      (status) => delete status["content_types"],
      /lacks its field content_types/,
    ],
    [
      "a reference without an id",
      "locations",
      (location) => (location["status"] = "Active"),
      /gives no id in status/,
    ],
    [
      "a member that is null",
      "prefixes",
      (prefix) => (prefix["tags"] = [null]),
      /gives no id in tags/,
    ],
  ])("ends the load instead of taking %s for nothing", async (_, root, spoil, message) => {
    const loading = load((request, recording) => {
      if (request.root === root) spoil(recording.graphql[root]!.at(-1)!);
      return undefined;
    });

    await expect(loading).rejects.toThrow(message);
  });

  it.each<[string, string, RegExp]>([
    [
      "errors beside its data",
      '{"data":{"tenants":[]},"errors":[{"message":"Timed out."}]}',
      /failed: Timed out/,
    ],
    ["no list", '{"data":{"tenants":null}}', /something else than a list/],
    ["nothing", "", /something else than a list/],
    ["a page to sign in", "<html><form>", /is not JSON/],
  ])("ends the load when a query's answer is %s", async (_, body, message) => {
    const loading = load(({ root }) =>
      root === "tenants" ? faults.status(200, {}, body) : undefined,
    );

    await expect(loading).rejects.toThrow(message);
  });

  it("ends the load when a query is redirected", async () => {
    const loading = load(({ root }) =>
      root === "tenants" ? faults.status(302, { location: "/login/" }) : undefined,
    );

    await expect(loading).rejects.toThrow(/redirects \(302\) to \/login\//);
  });

  it("calls a list incomplete whose pages are shorter than asked", async () => {
    const { summary } = await load((request, recording) => {
      if (request.root === "ip_addresses") recording.graphql["ip_addresses"]!.length = 12;
      return undefined;
    });

    expect(summary.incomplete["ip_address"]).toMatch(/\(32 counted, 12 given at last\)/);
  });

  it("names the permission when a list is empty against its own count", async () => {
    const loading = load((_, recording) => {
      recording.graphql["tags"]!.splice(0);
      return undefined;
    });

    await expect(loading).rejects.toThrow(/may not read Tags.*extras\.view_tag/);
  });
});
