import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { modelsQuery } from "../api/queries.ts";
import type { ModelManifest } from "../api/shapes.ts";
import { type May, useMay } from "../api/use-may.ts";

export type ModelGroup = readonly [title: string, models: readonly ModelManifest[]];

/** The hub's models that who is signed in may view, as the menu has them; none until they are there. */
export function useModelGroups(): readonly ModelGroup[] {
  const { data } = useQuery(modelsQuery);
  const may = useMay();
  return useMemo(
    () => groupModels((data ?? []).filter((model) => isSeen(may, model))),
    [data, may],
  );
}

/** Whether a model has a list that is for who is signed in. */
export function isSeen(may: May, { isHub, contentType }: ModelManifest): boolean {
  return isHub && may(contentType, "view");
}

function groupModels(models: readonly ModelManifest[]): ModelGroup[] {
  const groups = Map.groupBy(models, ({ group }) => group ?? "Inventory");
  return [...groups].sort(([one], [other]) => rankOf(one) - rankOf(other));
}

/** As in the menu that Nautobot's users know; others come before the last one. */
const groupOrder = ["Organization", "Devices", "IPAM"];
const lastGroup = "Extensibility";

function rankOf(group: string): number {
  if (group === lastGroup) return groupOrder.length + 1;
  const rank = groupOrder.indexOf(group);
  return rank < 0 ? groupOrder.length : rank;
}

/** "Device types": what a list is called on its own. */
export function listName({ pluralLabel }: ModelManifest): string {
  return pluralLabel.charAt(0).toUpperCase() + pluralLabel.slice(1);
}
