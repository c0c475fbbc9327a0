import { describe, expect, expectTypeOf, it } from "vitest";
import { integer, mac, set, text } from "../index.ts";
import {
  Adapter,
  childUids,
  compareElements,
  createConsoleLogger,
  Diff,
  DiffElement,
  DiffSyncModel,
  type MaybePromise,
  ModelFlags,
  ObjectNotCreated,
  RecordValueError,
  SyncFlags,
  textOf,
  UnknownMemberError,
  value,
  type ValueMap,
} from "./index.ts";

class Port extends DiffSyncModel.declare("port", {
  fields: { device: text(), name: text(), mtu: integer().default(1500), mac: mac().nullable() },
  identifiers: ["device", "name"],
  attributes: ["mtu", "mac"],
}) {}

class Device extends DiffSyncModel.declare("device", {
  fields: {
    name: text(),
    role: text().nullable(),
    tags: set(text()).default([]),
    row: value<number | null>({ default: null }),
    ports: childUids(),
  },
  identifiers: ["name"],
  attributes: ["role", "tags"],
  children: { port: "ports" },
}) {}

class Lab extends Adapter.declare({
  models: { device: Device, port: Port },
  topLevel: ["device"],
}) {}

interface Listed {
  readonly role?: string;
  readonly tags?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly mac?: string }[];
}

function lab(name: string, devices: Readonly<Record<string, Listed>>): Lab {
  const made = new Lab({ name });
  for (const [device, { role, tags, ports = [] }] of Object.entries(devices)) {
    const record = new Device({ name: device, role, tags });
    made.add(record);
    for (const { name: port, mac: address } of ports) {
      const child = new Port({ device, name: port, mac: address });
      made.add(child);
      record.addChild(child);
    }
  }
  return made;
}

describe("a declared model", () => {
  it("has its fields by name, with their types", () => {
    const device = new Device({ name: " a1 ", row: 7 });
    expect(device).toMatchObject({ name: "a1", role: null, tags: [], row: 7, ports: [] });
    expectTypeOf(device.row).toEqualTypeOf<number | null>();
    expectTypeOf(device.ports).toEqualTypeOf<string[]>();
    expectTypeOf(device.getIdentifiers().name).toEqualTypeOf<string>();
  });

  it("brings what is assigned into its one form, and gives a new unique id where a part of it changes", () => {
    const port = new Port({ device: "a1", name: "e0", mac: "001B.4411.3AB7" });
    expect(port.mac).toBe("00:1b:44:11:3a:b7");
    port.mac = "00-1B-44-11-3A-B8";
    expect(port.mac).toBe("00:1b:44:11:3a:b8");
    expect(port.getUniqueId()).toBe("a1__e0");
    port.name = " e1 ";
    expect(port.getUniqueId()).toBe("a1__e1");
  });

  it("names the model and the field where a value is refused", () => {
    expect(() => new Port({ device: "a1", name: "e0", mtu: 1.5 })).toThrow(
      "port: field mtu: expected a whole number, got 1.5.",
    );
    expect(() => new Device({} as never)).toThrow(RecordValueError);
    const device = new Device({ name: "a1" });
    expect(() => device.setField("colour", 1)).toThrow(UnknownMemberError);
    expect(() => new Device({ name: "a1", modelFlags: 64 })).toThrow("modelFlags");
  });

  it("refuses wrong field names at the type check, and at once", () => {
    const fields = { name: text(), role: text() };
    expect(() =>
      // @ts-expect-error -- there is no field "rolle"
      DiffSyncModel.declare("x", { fields, identifiers: ["name"], attributes: ["rolle"] }),
    ).toThrow("_attributes ('rolle',) references missing or un-annotated attr rolle");
    expect(() =>
      // @ts-expect-error -- "role" does not list children
      DiffSyncModel.declare("x", { fields, identifiers: ["name"], children: { y: "role" } }),
    ).toThrow("declare it with childUids()");
    // @ts-expect-error -- there is no model "rack"
    expect(() => Adapter.declare({ models: { device: Device }, topLevel: ["rack"] })).toThrow(
      'top_level references attribute "rack" but it is not a class attribute!',
    );
    expect(() =>
      DiffSyncModel.declare("x", { fields: { update: text() }, identifiers: ["update"] }),
    ).toThrow("a field cannot be called update");
  });

  it("reads records by the name of their model with the model's type", () => {
    const made = lab("lab", { a1: { role: "leaf" } });
    expectTypeOf(made.get("device", "a1")).toEqualTypeOf<Device>();
    expect(made.get("device", "a1").role).toBe("leaf");
    expect(made.getOrNull("port", "zz")).toBeNull();
    expect(made.get(Device, { name: "a1" })).toBe(made.get("device", "a1"));
  });
});

describe("a diff", () => {
  it("does not show what only looks different", () => {
    const source = lab("source", {
      a1: { role: " leaf", tags: ["b", "a"], ports: [{ name: "e0", mac: "001B.4411.3AB7" }] },
    });
    const destination = lab("destination", {
      a1: { role: "leaf", tags: ["a", "b"], ports: [{ name: "e0", mac: "00:1b:44:11:3a:b7" }] },
    });
    const diff = destination.diffFrom(source);
    expect(diff.str()).toBe("(no diffs)");
    expect(diff.summary()).toEqual({ create: 0, update: 0, delete: 0, "no-change": 2, skip: 0 });
  });

  it("stays as it was made when records change afterwards", async () => {
    const source = lab("source", { a1: { role: "leaf" } });
    const destination = lab("destination", { a1: { role: "spine" } });
    const diff = destination.diffFrom(source);
    source.get("device", "a1").role = "edge";
    await destination.syncFrom(source, { diff });
    expect(diff.str()).toBe("device\n  device: a1\n    role    source(leaf)    destination(spine)");
    expect(destination.get("device", "a1").role).toBe("leaf");
  });

  it("keeps lists as they were, also where they are changed in place", () => {
    class Note extends DiffSyncModel.declare("note", {
      fields: { name: value<string>(), lines: value<string[]>({ default: [] }) },
      identifiers: ["name"],
      attributes: ["lines"],
    }) {}
    class Notes extends Adapter.declare({ models: { note: Note }, topLevel: ["note"] }) {}
    const [source, destination] = [new Notes({ name: "a" }), new Notes({ name: "b" })];
    const note = new Note({ name: "n", lines: ["one"] });
    source.add(note);
    const diff = destination.diffFrom(source);
    note.lines.push("two");
    expect(diff.dict()).toEqual({ note: { n: { "+": { lines: ["one"] } } } });
    expect(new Note({ name: "m" }).lines).not.toBe(new Note({ name: "m" }).lines);
  });

  it("gives elements in the order of its class, and tells it when it is complete", () => {
    let isComplete = false;
    class Reversed extends Diff {
      override orderChildren(_type: string, elements: readonly DiffElement[]): DiffElement[] {
        return elements.toReversed();
      }
      override complete(): void {
        isComplete = true;
      }
    }
    const source = lab("source", { a: {}, b: {}, c: {} });
    const diff = lab("destination", {}).diffFrom(source, { diffClass: Reversed });
    const elements = [...diff.getChildren()];
    expect(elements.map(({ name }) => name)).toEqual(["c", "b", "a"]);
    expect(elements.sort(compareElements).map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(isComplete).toBe(true);
  });

  it("can be made by hand", () => {
    const diff = new Diff();
    const element = DiffElement.of({
      type: "device",
      name: "a1",
      keys: { name: "a1" },
      sourceName: "left",
      destinationName: "right",
      diffClass: Diff,
    });
    diff.add(element);
    expect(element.str()).toBe("device: a1 (no diffs)");
    element.addAttrs({ source: { role: "leaf", row: 1 } });
    expect([element.action, element.str()]).toEqual(["create", "device: a1 MISSING in right"]);
    element.addAttrs({ destination: { row: 2, role: "leaf" } });
    expect(element.getAttrsKeys()).toEqual(["row", "role"]);
    expect(element.getAttrsDiffs()).toEqual({ "-": { row: 2 }, "+": { row: 1 } });
    expect(element.toString()).toBe(
      `device "a1" : {'name': 'a1'} : left → right : {'-': {'row': 2}, '+': {'row': 1}}`,
    );
    expect(() => diff.add(element)).toThrow("Already storing a device named a1");
    expect(diff.children.get("device")?.get("a1")).toBe(element);
  });
});

describe("a sync", () => {
  it("waits for what create does, and tells of progress", async () => {
    const created: string[] = [];
    class SlowDevice extends Device {
      static override async create(
        adapter: Adapter,
        identifiers: ValueMap,
        attributes: ValueMap,
      ): Promise<DiffSyncModel | null> {
        await Promise.resolve();
        created.push(textOf(identifiers["name"] ?? null));
        return this.createBase(adapter, identifiers, attributes);
      }
    }
    class Slow extends Adapter.declare({
      models: { device: SlowDevice, port: Port },
      topLevel: ["device"],
    }) {}
    const destination = new Slow();
    const calls: string[] = [];
    await destination.syncFrom(lab("source", { a: { ports: [{ name: "e0" }] }, b: {} }), {
      callback: (stage, current, total) => calls.push(`${stage} ${current}/${total}`),
    });
    expect(created).toEqual(["a", "b"]);
    expect(calls).toEqual([
      ...["diff 1/3", "diff 2/3", "diff 3/3"],
      ...["sync 1/3", "sync 2/3", "sync 3/3"],
    ]);
    expect(destination.str()).toBe(
      "device\n  device: a: {'role': None, 'tags': []}\n    ports\n      port: a__e0: {'mtu': 1500, 'mac': None}\n  device: b: {'role': None, 'tags': []}\n    ports: []",
    );
  });

  it("ends at the first failure, or goes on where that is asked for", async () => {
    class Refusing extends Device {
      static override create(): MaybePromise<DiffSyncModel | null> {
        throw new ObjectNotCreated("the backend is down");
      }
    }
    class Down extends Adapter.declare({
      models: { device: Refusing, port: Port },
      topLevel: ["device"],
    }) {}
    const source = lab("source", { a: {}, b: {} });
    await expect(new Down().syncFrom(source)).rejects.toThrow("the backend is down");
    const lines: string[] = [];
    const logger = createConsoleLogger(0, (line) => lines.push(line));
    const destination = new Down({ logger });
    await destination.syncFrom(source, { flags: SyncFlags.continueOnFailure });
    expect(destination.size).toBe(0);
    const refusals = lines.filter((line) => line.includes("error the backend is down"));
    expect(refusals).toHaveLength(2);
    expect(refusals[0]).toContain("destination=Down flags=1 action=create model=device uniqueId=a");
  });

  it("leaves what the flags of a record protect", async () => {
    const destination = lab("destination", { a: {}, b: {}, c: {} });
    destination.get("device", "b").modelFlags = ModelFlags.skipUnmatchedDestination;
    destination.get("device", "c").modelFlags = ModelFlags.ignore;
    const diff = await destination.syncFrom(lab("source", {}));
    expect(diff.summary()).toEqual({ create: 0, update: 0, delete: 1, "no-change": 0, skip: 2 });
    expect(destination.getAll("device").map(String)).toEqual(["b", "c"]);
  });
});

it("records go to plain data and back", () => {
  const source = lab("source", { 10: { role: "leaf", ports: [{ name: "e0" }] }, 9: {} });
  const data = source.dict();
  expect(data["device"]?.["10"]).toEqual({ name: "10", role: "leaf", ports: ["10__e0"] });
  const copy = new Lab();
  copy.loadFromDict(JSON.parse(JSON.stringify(data)) as typeof data);
  expect(copy.diffFrom(source).hasDiffs()).toBe(false);
  expect(copy.get("device", "10").json()).toBe('{"name":"10","role":"leaf","ports":["10__e0"]}');
});

it("the models of an adapter are shown as a tree", () => {
  expect(Lab.getTreeTraversal()).toBe("Lab\n└── device\n    └── port");
  expect(Lab.getModelTree()).toEqual({ device: { port: {} } });
});
