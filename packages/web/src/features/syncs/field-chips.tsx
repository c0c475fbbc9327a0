import type { ChangeFacets } from "../../api/shapes.ts";
import { useActionWords } from "../../components/action-words.ts";
import { Chips } from "../../components/filter-bar.tsx";
import { formatCount, formatName } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { useSearchState } from "../../components/use-search-state.ts";

/** Filters by changed field: those that updates of the selected type change. */
export function FieldChips({
  counts,
  models,
}: {
  counts: ChangeFacets["field"] | undefined;
  models: Models;
}) {
  const { search, filter } = useSearchState();
  const { isComparison } = useActionWords();
  const items: { value: string; count?: number }[] = counts ?? [];
  const choices =
    search.field === undefined || items.some(({ value }) => value === search.field)
      ? items
      : [...items, { value: search.field }];
  if (choices.length === 0) return null;
  const fields = models.get(search.model ?? "")?.fields ?? [];
  return (
    <Chips
      label={isComparison ? "Differing field" : "Changed field"}
      choices={choices.map(({ value, count }) => ({
        value,
        label: fields.find((known) => known.name === value)?.label || formatName(value),
        ...(count === undefined ? {} : { count: formatCount(count) }),
      }))}
      {...filter("field")}
    />
  );
}
