// Compares two lists of devices, with no server and no database:
//   node -C @plumbline/source examples/01-diff-two-lists/diff-two-lists.ts
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Adapter,
  createSchema,
  defineModel,
  mac,
  type PlannedChange,
  ref,
  set,
  sync,
  text,
} from "@plumbline/sync";

const Site = defineModel("site", { key: { name: text() }, fields: {} });
const Device = defineModel("device", {
  key: { site: ref("site"), name: text() },
  parent: "site",
  // The types know what is the same: "001b.4411.3ab7" is a MAC address like any other, and the
  // order of tags says nothing.
  fields: { mac: mac(), tags: set(text()) },
});
export const schema = createSchema([Site, Device]);

interface ListedDevice {
  readonly site: string;
  readonly name: string;
  readonly mac: string;
  readonly tags: readonly string[];
}

/** Reads the devices of a JSON file, and the sites they are at. */
export function listAdapter(path: string): Adapter {
  return {
    name: path,
    models: schema.models,
    async *load() {
      const devices = JSON.parse(await readFile(path, "utf8")) as ListedDevice[];
      for (const name of new Set(devices.map(({ site }) => site))) yield Site.record({ name });
      for (const device of devices) yield Device.record(device);
    },
  };
}

/** What would have to change in the second list to agree with the first. */
export async function diffLists(wanted: string, actual: string): Promise<readonly string[]> {
  const { changes } = await sync({
    schema,
    source: listAdapter(wanted),
    target: listAdapter(actual),
    isDryRun: true,
  });
  return changes.map(describe);
}

function describe({ action, model, label, fields, before, after }: PlannedChange): string {
  const details = fields.map(
    (name) => `${name}: ${JSON.stringify(before?.[name])} → ${JSON.stringify(after?.[name])}`,
  );
  return [`${action} ${model} ${label}`, ...details].join(", ");
}

if (import.meta.main) {
  const file = (name: string): string => join(import.meta.dirname, name);
  for (const line of await diffLists(file("wanted.json"), file("actual.json"))) console.log(line);
}
