import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { findingFacetsQuery, findingsQuery } from "../../api/queries.ts";
import type { Finding, FindingFacets, SyncDetail } from "../../api/shapes.ts";
import { useModels } from "../../api/use-models.ts";
import { isFinal, WordBadge } from "../../components/badges.tsx";
import { ColumnMenu } from "../../components/column-menu.tsx";
import { ListTable } from "../../components/list-table.tsx";
import { ExportMenu } from "../../components/export-menu.tsx";
import { Chips, FilterBar, SearchBox } from "../../components/filter-bar.tsx";
import { formatCount, formatName } from "../../components/format.ts";
import { keyLabel, type Models } from "../../components/key-label.ts";
import { Panel } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useListTable, type ListColumn } from "../../components/use-list-table.ts";
import {
  listPageSize,
  oneOf,
  pageQuery,
  useSearchState,
} from "../../components/use-search-state.ts";

export function FindingsTab({ sync }: { sync: SyncDetail }) {
  return sync.counts.findings === 0 ? (
    <Panel>
      <EmptyState title="No findings">
        {isFinal(sync.status)
          ? "Every record that was read could be used, and no key was there twice."
          : "Records that cannot be used are named here as soon as they are read."}
      </EmptyState>
    </Panel>
  ) : (
    <FindingList syncId={sync.id} />
  );
}

function FindingList({ syncId }: { syncId: string }) {
  const { search, filter, page } = useSearchState();
  const models = useModels();
  const filters = {
    q: search.q,
    kind: search.kind,
    side: oneOf(["source", "target"], search.side),
    model: search.model,
  };
  const findings = useQuery(findingsQuery(syncId, { ...filters, ...pageQuery(page) }));
  const { data: facets } = useQuery(findingFacetsQuery(syncId, filters));
  const columns = useMemo(() => columnsFor(models), [models]);
  const table = useListTable({ columns, page: findings.data, rowKey, pageSize: listPageSize });
  return (
    <Panel>
      <FilterBar>
        <Chips
          label="Kind"
          choices={choicesOf(facets?.kind, search.kind, formatName)}
          {...filter("kind")}
        />
        <Chips
          label="Side"
          choices={choicesOf(facets?.side, search.side, formatName)}
          {...filter("side")}
        />
        <Chips
          label="Type"
          choices={choicesOf(
            facets?.model,
            search.model,
            (name) => models.get(name)?.pluralLabel ?? name,
          )}
          {...filter("model")}
        />
        <SearchBox label="Search the findings" {...filter("q")} />
        <ColumnMenu table={table} />
        <ExportMenu path={`/api/ssot/syncs/${syncId}/findings`} query={filters} />
      </FilterBar>
      <ListTable
        label="Findings"
        table={table}
        query={findings}
        empty={
          <EmptyState title="No finding matches">
            Clear the text or a filter above to see more.
          </EmptyState>
        }
      />
    </Panel>
  );
}

/** The values there are with their counts; the chosen one also where the other filters leave none of it. */
function choicesOf(
  facet: FindingFacets["kind"] | undefined,
  chosen: string | undefined,
  labelOf: (value: string) => string,
) {
  const found = facet ?? [];
  const isThere = chosen === undefined || found.some(({ value }) => value === chosen);
  return [...found, ...(isThere ? [] : [{ value: chosen, count: 0 }])].map(({ value, count }) => ({
    value,
    label: labelOf(value),
    count: formatCount(count),
  }));
}

function rowKey(finding: Finding): string {
  return finding.id;
}

function columnsFor(models: Models): ListColumn<Finding>[] {
  return [
    {
      id: "kind",
      header: "Kind",
      cell: ({ row: { original: finding } }) => (
        <WordBadge word="warning" label={formatName(finding.kind)} />
      ),
    },
    { id: "side", header: "Side", cell: ({ row: { original: finding } }) => finding.side },
    {
      id: "object",
      header: "Object",
      cell: ({ row: { original: finding } }) => (
        <>
          <span className="quiet">{models.get(finding.model)?.label ?? finding.model}</span>{" "}
          {finding.label ??
            (finding.key === null ? "" : keyLabel(models, finding.model, finding.key))}
        </>
      ),
    },
    {
      id: "field",
      header: "Field",
      cell: ({ row: { original: finding } }) => finding.field ?? "—",
    },
    {
      id: "value",
      header: "Value",
      cell: ({ row: { original: finding } }) =>
        // Of a duplicate it is the key, which the object is named by.
        finding.value === null || finding.kind === "duplicate" ? (
          "—"
        ) : (
          <span className="mono">{finding.value}</span>
        ),
    },
    {
      id: "message",
      header: "What is wrong",
      meta: { grows: true },
      cell: ({ row: { original: finding } }) => (
        <>
          {finding.message}
          {finding.origin !== null && <div className="quiet">{finding.origin}</div>}
        </>
      ),
    },
  ];
}
