import { CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { facetsQuery } from "../../api/queries.ts";
import type { ChangeFacets, SyncDetail } from "../../api/shapes.ts";
import { actions, useActionWords } from "../../components/action-words.ts";
import { ExportMenu } from "../../components/export-menu.tsx";
import { Chips, FilterBar, FilterSelect, SearchBox } from "../../components/filter-bar.tsx";
import { countOf, formatCount, formatName } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { outcomeLabels } from "../../components/outcome-words.ts";
import { FieldChips } from "./field-chips.tsx";
import { useSearchState } from "../../components/use-search-state.ts";
import classes from "./diff-view.module.css";

const unapplied = ["failed", "skipped", "stale", "cancelled"];

/** The outcomes there are, each with its count; failed, skipped and the like also as one. */
function outcomeChoices(counts: ChangeFacets["outcome"] | undefined, chosen: string | undefined) {
  const countOfValue = new Map(counts?.map(({ value, count }) => [value, count]));
  const sum = unapplied.reduce((total, value) => total + (countOfValue.get(value) ?? 0), 0);
  const choices = outcomeLabels
    .filter(([value]) => countOfValue.has(value) || value === chosen)
    .map(([value, label]) => ({ value, label: withCount(label, countOfValue.get(value)) }));
  const all = unapplied.join(",");
  return sum > 0 || chosen === all
    ? [...choices, { value: all, label: withCount("Not applied", sum) }]
    : choices;
}

function withCount(label: string, count: number | undefined): string {
  return `${label} · ${formatCount(count ?? 0)}`;
}

const guardLabels: Readonly<Record<string, string>> = {
  "deletes-not-asked": "Deletes not asked for",
  "too-many-deletes": "Too many deletes",
  "incomplete-read": "Incomplete read",
  "not-owner": "Not the owner",
  "needs-held": "Needs what is held",
  "still-referenced": "Still referred to",
  "unresolved-reference": "Unresolved reference",
  "parent-rejected": "Needs what is rejected",
  "changed-since": "Changed since",
  "policy-never": "Never deleted",
  "policy-waiting": "Waits its days",
};

type FacetFilters = Parameters<typeof facetsQuery>[1];

interface DiffFiltersProps {
  sync: SyncDetail;
  models: Models;
  /** In words: the object that is shown, or below which. */
  place: string | null;
  total: number | null;
  /** The filters in force, as the server takes them. */
  filters: FacetFilters;
  isNarrowed: boolean;
  searchBox: RefObject<HTMLInputElement | null>;
}

export function DiffFilters(props: DiffFiltersProps) {
  const { sync, models, place, total, filters, isNarrowed, searchBox } = props;
  const { search, filter, change } = useSearchState();
  const { data: facets } = useQuery(facetsQuery(sync.id, filters));
  const countOfAction = new Map(facets?.action.map(({ value, count }) => [value, count]));
  const words = useActionWords();
  const actionChoices = actions
    .filter((action) => sync.counts[action] > 0)
    .map((action) => ({
      value: action,
      label: `${words.sign(action)} ${words.word(action)}`,
      count: formatCount(facets ? (countOfAction.get(action) ?? 0) : sync.counts[action]),
    }));
  const countOfModel = new Map(facets?.model.map(({ value, count }) => [value, count]));
  const modelChoices = sync.models
    .filter((model) => model.create + model.update + model.delete > 0)
    .map((model) => ({
      value: model.model,
      label: withCount(
        models.get(model.model)?.pluralLabel ?? model.label,
        countOfModel.get(model.model),
      ),
    }));
  const guards = facets?.guard ?? [];
  // An object has a row for each step that it takes.
  const objects = actions.reduce((sum, action) => sum + sync.counts[action], 0);
  return (
    <FilterBar>
      <Chips
        label={words.isComparison ? "Difference" : "Action"}
        value={search.action}
        choices={actionChoices}
        onChange={(action) => {
          const hasUpdates = action === undefined || action === "update";
          change({ action, field: hasUpdates ? search.field : undefined });
        }}
      />
      <FilterSelect
        label="Any type"
        value={search.model}
        choices={modelChoices}
        onChange={(model) => {
          change({ model, field: undefined, key: undefined });
        }}
      />
      {!words.isComparison && (
        <FilterSelect
          label="Any outcome"
          choices={outcomeChoices(facets?.outcome, search.outcome)}
          {...filter("outcome")}
        />
      )}
      {(guards.length > 0 || search.guard !== undefined) && (
        <FilterSelect
          label="Held by any guard"
          choices={guards.map(({ value, count }) => ({
            value,
            label: withCount(guardLabels[value] ?? formatName(value), count),
          }))}
          {...filter("guard")}
        />
      )}
      <SearchBox label={`Search the ${words.noun}s`} inputRef={searchBox} {...filter("q")} />
      <ExportMenu path={`/api/ssot/syncs/${sync.id}/changes`} query={filters} />
      <FieldChips counts={facets?.field} models={models} />
      {place !== null && (
        <span className={classes.place}>
          {place}
          <CloseButton
            size="xs"
            aria-label={`Leave ${place}`}
            onClick={() => {
              change({ key: undefined, parentModel: undefined, parentKey: undefined });
            }}
          />
        </span>
      )}
      {total !== null && (
        <span className={classes.total}>
          {countOf(total, words.noun)}
          {!isNarrowed && total > objects && ` to ${countOf(objects, "object")}`}
        </span>
      )}
    </FilterBar>
  );
}
