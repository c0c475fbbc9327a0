import { boolean, integer, mac, text } from "@plumbline/sync";
import { Adapter, childUids, DiffSyncModel } from "@plumbline/sync/diffsync";
import { createMeter, type MeasuredRun, type RunOptions } from "./measured-run.ts";
import {
  device,
  deviceCount,
  expectedSummary,
  interfacesPerDevice,
  isPresent,
  port,
  type Side,
} from "./records.ts";

const deviceFields = {
  site: text(),
  name: text(),
  role: text(),
  status: text(),
  serial: text(),
  device_type: text(),
  position: integer(),
  comments: text(),
};
const identifiers = ["site", "name"] as const;
const attributes = ["role", "status", "serial", "device_type", "position", "comments"] as const;

class FlatDevice extends DiffSyncModel.declare("device", {
  fields: deviceFields,
  identifiers,
  attributes,
}) {}

class Device extends DiffSyncModel.declare("device", {
  fields: { ...deviceFields, interfaces: childUids() },
  identifiers,
  attributes,
  children: { interface: "interfaces" },
}) {}

class Interface extends DiffSyncModel.declare("interface", {
  fields: {
    device: text(),
    name: text(),
    enabled: boolean(),
    mtu: integer(),
    mac: mac(),
    description: text(),
  },
  identifiers: ["device", "name"],
  attributes: ["enabled", "mtu", "mac", "description"],
}) {}

class FlatAdapter extends Adapter.declare({
  models: { device: FlatDevice },
  topLevel: ["device"],
}) {}

class TreeAdapter extends Adapter.declare({
  models: { device: Device, interface: Interface },
  topLevel: ["device"],
}) {}

/** A side, filled in the peer's order: a device's interfaces, then the device. */
function build({ shape, size, profile }: RunOptions, side: Side): Adapter {
  const adapter =
    shape === "flat" ? new FlatAdapter({ name: side }) : new TreeAdapter({ name: side });
  for (let index = 0; index < deviceCount(shape, size); index++) {
    if (!isPresent(index, side)) continue;
    const row = device(index, side, profile);
    if (shape === "flat") {
      adapter.add(new FlatDevice(row));
      continue;
    }
    const made = new Device(row);
    for (let place = 0; place < interfacesPerDevice; place++) {
      const child = new Interface(port(index, place, side, profile));
      adapter.add(child);
      made.addChild(child);
    }
    adapter.add(made);
  }
  return adapter;
}

/** A whole cycle through `@plumbline/sync/diffsync`. */
export async function runDiffSyncEntry(options: RunOptions): Promise<MeasuredRun> {
  const meter = createMeter();
  const source = await meter.phase("load_source", () => build(options, "source"));
  const destination = await meter.phase("load_destination", () => build(options, "destination"));
  meter.mark("after_load");
  const diff = await meter.phase("diff", () => destination.diffFrom(source));
  meter.mark("after_diff");
  const summary = await meter.phase("summary", () => diff.summary());
  const dictionary = await meter.phase("dict", () => diff.dict());
  await meter.phase("sync", () => destination.syncFrom(source, { diff }));
  const measured = meter.finish();
  return {
    ...measured,
    summary,
    summary_as_expected:
      JSON.stringify(summary) === JSON.stringify(expectedSummary(options.shape, options.size)),
    dict_top_level_entries: Object.values(dictionary).reduce(
      (sum, entries) => sum + Object.keys(entries).length,
      0,
    ),
    converged_after_sync: options.verifies ? !destination.diffFrom(source).hasDiffs() : null,
  };
}
