import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, it } from "vitest";
import { Adapter, childUids, DiffSyncModel, float, SqliteStore, value } from "./index.ts";

class Port extends DiffSyncModel.declare("port", {
  fields: { name: value<string>(), mtu: value({ default: null }) },
  identifiers: ["name"],
  attributes: ["mtu"],
}) {}
class Device extends DiffSyncModel.declare("device", {
  fields: { name: value<string>(), facts: value({ default: null }), ports: childUids() },
  identifiers: ["name"],
  attributes: ["facts"],
  children: { port: "ports" },
}) {}
class Lab extends Adapter.declare({
  models: { device: Device, port: Port },
  topLevel: ["device"],
}) {}

const folder = await mkdtemp(join(tmpdir(), "diffsync-store-"));
const path = join(folder, "records.db");
const open: DatabaseSync[] = [];
afterAll(async () => {
  for (const database of open) database.close();
  await rm(folder, { recursive: true });
});

function openLab(storeId: string): Lab {
  const database = new DatabaseSync(path);
  open.push(database);
  return new Lab({ name: "shared", store: new SqliteStore({ database, storeId }) });
}

function source(): Lab {
  const lab = new Lab({ name: "source" });
  const facts = { height: float(1), serial: 2n ** 60n, notes: new Map([["10", [null, -0.5]]]) };
  const device = new Device({ name: "a", facts: facts as never });
  for (const name of ["e0", "e1"]) {
    const port = new Port({ name });
    lab.add(port);
    device.addChild(port);
  }
  lab.add(device);
  lab.add(new Device({ name: "b" }));
  return lab;
}

it("records outlive the process that made them, with all values as they were", async () => {
  const first = openLab("one");
  await first.syncFrom(source());
  const second = openLab("one");
  expect(second.str()).toBe(source().str());
  expect(second.diffFrom(source()).summary()).toMatchObject({ create: 0, "no-change": 4 });
  expect(openLab("two").size).toBe(0);
});

it("a sync keeps what it updates, and the children it adds and takes away", async () => {
  const lab = openLab("three");
  await lab.syncFrom(source());
  const changed = source();
  changed.get("device", "b").facts = ["changed"] as never;
  const gone = changed.get("port", "e0");
  changed.get("device", "a").removeChild(gone);
  const added = new Port({ name: "e2" });
  changed.add(added);
  changed.get("device", "b").addChild(added);
  await openLab("three").syncFrom(changed);
  expect(openLab("three").str()).toBe(changed.str());
  expect([...openLab("three").getAllModelNames()].sort()).toEqual(["device", "port"]);
  expect(openLab("three").count("port")).toBe(2);
});

it("the same record may be added again, another with its unique id may not", () => {
  const lab = openLab("four");
  lab.add(new Device({ name: "a" }));
  lab.add(new Device({ name: "a" }));
  expect(() => lab.add(new Device({ name: "a", facts: 1 as never }))).toThrow(
    "Object a already present",
  );
  expect(() => lab.get("device", "zz")).toThrow("device zz not present in SqliteStore (four)");
  lab.remove(lab.get("device", "a"));
  expect(lab.size).toBe(0);
});
