import type { ModelManifest } from "../../api/shapes.ts";
import { objectTypes } from "../../api/use-may.ts";

interface Choices {
  readonly group: string;
  readonly items: { readonly value: string; readonly label: string }[];
}

const beside: readonly Choices[] = [
  {
    group: "Jobs and syncs",
    items: [
      { value: objectTypes.job, label: "Jobs" },
      { value: objectTypes.jobResult, label: "Job results" },
      { value: objectTypes.jobLog, label: "Job logs" },
      { value: objectTypes.sync, label: "Syncs" },
      { value: objectTypes.syncLog, label: "Sync logs" },
    ],
  },
  {
    group: "About objects",
    items: [
      { value: objectTypes.objectChange, label: "Change history" },
      { value: objectTypes.note, label: "Notes" },
    ],
  },
];

/** What a permission may be for, by group; with what is chosen already though nothing here is called so. */
export function objectTypeChoices(
  models: ReadonlyMap<string, ModelManifest>,
  chosen: readonly string[],
): Choices[] {
  const byGroup = Map.groupBy(
    [...models.values()].filter(({ isHub, contentType }) => isHub && contentType !== null),
    ({ group }) => group ?? "Inventory",
  );
  const known: Choices[] = [
    ...[...byGroup].map(([group, members]) => ({
      group,
      items: members.map(({ contentType, pluralLabel }) => {
        return { value: contentType ?? "", label: pluralLabel };
      }),
    })),
    ...beside,
  ];
  const named = new Set(known.flatMap(({ items }) => items.map(({ value }) => value)));
  const others = chosen.filter((type) => !named.has(type));
  if (others.length === 0) return known;
  return [
    ...known,
    { group: "Others", items: others.map((type) => ({ value: type, label: type })) },
  ];
}
