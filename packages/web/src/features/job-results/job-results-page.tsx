import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isRefused } from "../../api/client.ts";
import { every, jobResultsQuery } from "../../api/queries.ts";
import type { JobResultRow } from "../../api/shapes.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import {
  JobResultTypeBadge,
  StatusBadge,
  statusLabel,
  statusNames,
} from "../../components/badges.tsx";
import { ColumnMenu } from "../../components/column-menu.tsx";
import { messageOf } from "../../components/error-message.ts";
import { ListTable } from "../../components/list-table.tsx";
import { ExportMenu } from "../../components/export-menu.tsx";
import { FilterBar, FilterSelect, SearchBox } from "../../components/filter-bar.tsx";
import { formatDuration } from "../../components/format.ts";
import { kindName } from "../../components/job-kind.ts";
import { Page, Panel } from "../../components/page.tsx";
import { RefusedPage } from "../../components/refused-page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { useListTable, type ListColumn } from "../../components/use-list-table.ts";
import { listPageSize, pageQuery, useSearchState } from "../../components/use-search-state.ts";

const statusChoices = statusNames.map((value) => ({ value, label: statusLabel(value) }));

const columns: ListColumn<JobResultRow>[] = [
  {
    id: "created",
    header: "Created",
    cell: ({ row: { original: result } }) => (
      <Link to="/extras/job-results/$jobResultId/" params={{ jobResultId: result.id }}>
        <Time at={result.createdAt} />
      </Link>
    ),
  },
  {
    id: "job",
    header: "Job",
    cell: ({ row: { original: result } }) => (
      <Link to="/plugins/ssot/jobs/$jobId/" params={{ jobId: result.jobId }}>
        {result.jobTitle}
      </Link>
    ),
  },
  {
    id: "kind",
    header: "Kind",
    cell: ({ row: { original: result } }) =>
      result.kind === "run" && result.isDryRun ? (
        <JobResultTypeBadge result={result} />
      ) : (
        kindName(result.kind)
      ),
  },
  {
    id: "status",
    header: "Status",
    cell: ({ row: { original: result } }) => <StatusBadge status={result.status} />,
  },
  {
    id: "reason",
    header: "Reason",
    meta: { grows: true },
    cell: ({ row: { original: result } }) =>
      result.statusReason ?? <span className="quiet">—</span>,
  },
  {
    id: "duration",
    header: "Duration",
    meta: { isNumber: true },
    cell: ({ row: { original: result } }) =>
      result.durationMs === null ? "—" : formatDuration(result.durationMs),
  },
  { id: "user", header: "User", cell: ({ row: { original: result } }) => result.user ?? "—" },
];

function rowKey(result: JobResultRow): string {
  return result.id;
}

export function JobResultsPage() {
  const { search, filter, page } = useSearchState();
  const mayRun = useMay()(objectTypes.job, "run");
  const filters = { q: search.q, status: search.status, jobId: search.jobId };
  const results = useQuery({
    ...jobResultsQuery({ ...filters, ...pageQuery(page) }),
    refetchInterval: every(4_000),
  });
  const table = useListTable({ columns, page: results.data, rowKey, pageSize: listPageSize });
  const title = "Job results";
  const crumbs = [{ label: "Jobs" }, { label: "Results" }];
  if (isRefused(results.error)) {
    return (
      <RefusedPage title={title} crumbs={crumbs}>
        {messageOf(results.error)}
      </RefusedPage>
    );
  }
  return (
    <Page
      title={title}
      crumbs={crumbs}
      actions={<ExportMenu path="/api/ssot/job-results" query={filters} />}
    >
      <Panel>
        <FilterBar>
          <SearchBox label="Search jobs and users" {...filter("q")} />
          <FilterSelect label="Any status" choices={statusChoices} {...filter("status")} />
          <ColumnMenu table={table} />
        </FilterBar>
        <ListTable
          label="Job results"
          table={table}
          query={results}
          empty={
            search.q || search.status ? (
              <EmptyState title="No job result matches these filters">
                Clear one of them, or look at <Link to="/extras/job-results/">all job results</Link>
                .
              </EmptyState>
            ) : (
              <EmptyState
                title="No job has run yet"
                action={
                  mayRun && <Link to="/plugins/ssot/">Go to the dashboard and press Sync</Link>
                }
              >
                Every run of a job is listed here with its log.
              </EmptyState>
            )
          }
        />
      </Panel>
    </Page>
  );
}
