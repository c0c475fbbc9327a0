import type { ModelManifest } from "../../api/shapes.ts";
import type { Crumb } from "../../components/page.tsx";

/** The menu's heading before a model's list; none where both are called the same. */
export function groupCrumb({ group, pluralLabel }: ModelManifest): Crumb[] {
  return group === null || group === pluralLabel ? [] : [{ label: group }];
}
