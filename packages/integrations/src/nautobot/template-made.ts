import type { HubModel } from "@plumbline/models";
import type { HttpClient } from "@plumbline/plugin-kit";
import type { Change, Schema } from "@plumbline/sync";
import { listOf } from "./list-reader.ts";
import { countObjects } from "./nautobot-api.ts";
import { hubModelOf, type ObjectFinder } from "./object-finder.ts";

/**
 * Interfaces that Nautobot makes by itself with a new device, from the templates of its type. One that the plan is
 * to create is there before its turn, and is changed to what the plan says.
 */
export interface TemplateMade {
  /** Notes an object that this run created. */
  note(hub: HubModel, id: string): void;
  /** Ids by key of those that are there already, and came with a device of this run. */
  find(hub: HubModel, changes: readonly Change[]): Promise<ReadonlyMap<string, string>>;
}

export function createTemplateMade(
  client: HttpClient,
  name: string,
  schema: Schema,
  finder: ObjectFinder,
): TemplateMade {
  const newDevices = new Set<string>();
  let templates: Promise<number> | undefined;

  return {
    note({ model }, id) {
      if (model.name === "device") newDevices.add(id);
    },
    async find({ model }, changes) {
      const made = new Map<string, string>();
      if (model.name !== "interface" || newDevices.size === 0) return made;
      templates ??= countObjects(client, name, listOf(hubModelOf("interface_template")));
      if ((await templates) === 0) return made;
      const deviceOf = ({ key }: Change): string => schema.keyPart(model, key, "device") as string;
      const devices = await finder.find("device", changes.map(deviceOf));
      const fresh = changes.filter((change) =>
        newDevices.has(devices.get(deviceOf(change))?.[0] ?? ""),
      );
      const there = await finder.find(
        model.name,
        fresh.map(({ key }) => key),
      );
      for (const [key, [id]] of there) if (id !== undefined) made.set(key, id);
      return made;
    },
  };
}
