import { useQuery } from "@tanstack/react-query";
import { changedFieldsQuery } from "../../api/queries.ts";
import type { SyncDetail } from "../../api/shapes.ts";
import { Chips } from "../../components/filter-bar.tsx";
import { formatCount, formatName } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { useSearchState } from "../../components/use-search-state.ts";

/** Filters by changed field: those that updates of the selected type change. */
export function FieldChips({ sync, models }: { sync: SyncDetail; models: Models }) {
  const { search, change } = useSearchState();
  const name = search.model ?? "";
  const hasUpdates = sync.models.some((model) => model.model === name && model.update > 0);
  const isAsked = hasUpdates && (search.action ?? "update") === "update" && !search.key;
  const { data } = useQuery({ ...changedFieldsQuery(sync.id, name), enabled: isAsked });
  const items: { field: string; count?: number }[] = (isAsked && data?.items) || [];
  const choices = items.some(({ field }) => field === search.field)
    ? items
    : [...items, ...(search.field ? [{ field: search.field }] : [])];
  if (choices.length === 0) return null;
  const fields = models.get(name)?.fields ?? [];
  return (
    <Chips
      label="Changed field"
      value={search.field}
      choices={choices.map(({ field, count }) => ({
        value: field,
        label: fields.find((known) => known.name === field)?.label || formatName(field),
        ...(count === undefined ? {} : { count: formatCount(count) }),
      }))}
      onChange={(field) => {
        change({ field });
      }}
    />
  );
}
