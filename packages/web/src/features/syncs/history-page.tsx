import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { dashboardQuery, syncsQuery } from "../../api/queries.ts";
import { statusLabel, statusNames } from "../../components/badges.tsx";
import { ColumnMenu } from "../../components/column-menu.tsx";
import { ExportMenu } from "../../components/export-menu.tsx";
import { FilterBar, FilterSelect, SearchBox } from "../../components/filter-bar.tsx";
import { ListTable } from "../../components/list-table.tsx";
import { Page, Panel } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useListTable } from "../../components/use-list-table.ts";
import {
  listPageSize,
  oneOf,
  pageQuery,
  useSearchState,
} from "../../components/use-search-state.ts";
import { syncColumns, syncKey, syncSorts } from "../../components/sync-columns.tsx";

const statusChoices = statusNames.map((value) => ({ value, label: statusLabel(value) }));
const kindChoices = [
  { value: "true", label: "Dry run" },
  { value: "false", label: "Sync" },
];

export function HistoryPage() {
  const { search, change, page } = useSearchState();
  const filters = {
    q: search.q,
    jobId: search.jobId,
    status: search.status,
    isDryRun: oneOf(["true", "false"], search.isDryRun),
    sort: oneOf(syncSorts, search.sort),
  };
  const syncs = useQuery(syncsQuery({ ...filters, ...pageQuery(page) }));
  const table = useListTable({
    columns: syncColumns,
    page: syncs.data,
    rowKey: syncKey,
    pageSize: listPageSize,
    defaultSort: "-createdAt",
  });
  const jobs = useQuery(dashboardQuery).data;
  const jobChoices = [...(jobs?.sources ?? []), ...(jobs?.targets ?? [])].map((job) => ({
    value: job.id,
    label: job.title,
  }));
  const isFiltered = Boolean(search.q ?? search.jobId ?? search.status ?? search.isDryRun);
  return (
    <Page
      title="Sync history"
      crumbs={[{ label: "Single Source of Truth", to: "/plugins/ssot/" }, { label: "History" }]}
      actions={<ExportMenu path="/api/ssot/syncs" query={filters} />}
    >
      <Panel>
        <FilterBar>
          <SearchBox
            label="Search jobs and systems"
            value={search.q ?? ""}
            onChange={(q) => {
              change({ q });
            }}
          />
          <FilterSelect
            label="Any job"
            value={search.jobId}
            choices={jobChoices}
            onChange={(jobId) => {
              change({ jobId });
            }}
          />
          <FilterSelect
            label="Any status"
            value={search.status}
            choices={statusChoices}
            onChange={(status) => {
              change({ status });
            }}
          />
          <FilterSelect
            label="Any type"
            value={search.isDryRun}
            choices={kindChoices}
            onChange={(isDryRun) => {
              change({ isDryRun });
            }}
          />
          <ColumnMenu table={table} />
        </FilterBar>
        <ListTable
          label="Syncs"
          table={table}
          query={syncs}
          empty={
            isFiltered ? (
              <EmptyState title="No sync matches these filters">
                Clear one of them, or look at <Link to="/plugins/ssot/history/">all syncs</Link>.
              </EmptyState>
            ) : (
              <EmptyState
                title="No sync has run yet"
                action={<Link to="/plugins/ssot/">Go to the dashboard and press Sync</Link>}
              >
                Each run leaves a record here with its differences and what became of them.
              </EmptyState>
            )
          }
        />
      </Panel>
    </Page>
  );
}
