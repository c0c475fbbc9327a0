import type { HubLookup } from "@plumbline/plugin-kit";
import { type Values } from "@plumbline/sync";
import type { Inventory, Queryable } from "./inventory.ts";
import { idsByKey } from "./key-lookup.ts";
import { readRecords } from "./read-records.ts";

interface Wanted {
  readonly model: string;
  readonly key: string;
  readonly answer: (values: Values | null) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Finds objects of the hub by their keys. What is asked until the event loop comes round is read together,
 * a query a model, one after another: a connection does one thing at a time.
 */
export function createHubLookup(client: Queryable, inventory: Inventory): HubLookup {
  let waiting: Wanted[] = [];
  let last: Promise<void> = Promise.resolve();

  async function answerAll(asked: readonly Wanted[]): Promise<void> {
    for (const [model, group] of Map.groupBy(asked, (each) => each.model)) {
      try {
        const keys = group.map(({ key }) => key);
        const ids = await idsByKey(client, inventory, model, keys);
        const records = await readRecords(client, inventory, model, [...new Set(ids.values())]);
        for (const { key, answer } of group) answer(records.get(ids.get(key) ?? "") ?? null);
      } catch (error) {
        for (const { fail } of group) fail(error);
      }
    }
  }

  return {
    async lookup(model, key) {
      const wanted = inventory.schema.encodeKey(model.name, key);
      const values = await new Promise<Values | null>((answer, fail) => {
        if (waiting.length === 0) {
          setImmediate(() => {
            const asked = waiting;
            waiting = [];
            last = last.then(() => answerAll(asked));
          });
        }
        waiting.push({ model: model.name, key: wanted, answer, fail });
      });
      return values as never;
    },
  };
}
