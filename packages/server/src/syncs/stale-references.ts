import type pg from "pg";
import type { Model } from "@plumbline/sync";
import { createHubView } from "../inventory/hub-view.ts";
import { createInventory } from "../inventory/inventory.ts";
import { keysById } from "../inventory/key-strings.ts";
import type { PlanReference } from "./plan-references.ts";

/** Why objects that a plan refers to, all of one model, are no longer those it means; others are left out. */
export type FindStaleReferences = (
  references: readonly PlanReference[],
) => Promise<readonly { readonly reference: PlanReference; readonly reason: string }[]>;

export const gone = "the plan refers to it, and it is no longer there";

/** In the hub an object is known by its id: one that took another's name is not that one. */
export function findStaleInHub(pool: pg.Pool, models: readonly Model[]): FindStaleReferences {
  const inventory = createHubView(createInventory(), models);
  return async (references) => {
    const [first] = references;
    if (first === undefined) return [];
    const ids = references.flatMap(({ targetId }) => targetId ?? []);
    const keys = await keysById(pool, inventory, first.model, ids);
    return references.flatMap((reference) => {
      const now = keys.get(reference.targetId ?? "");
      if (now === reference.key || now === reference.plannedKey) return [];
      const reason =
        now === undefined ? gone : "the plan refers to it, and it was renamed or moved since";
      return [{ reference, reason }];
    });
  };
}
