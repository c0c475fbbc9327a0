import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { isRefused } from "../../api/client.ts";
import { syncsQuery } from "../../api/queries.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { actionWords, wordsOfAnyComparison, wordsOfSyncs } from "../../components/action-words.ts";
import { statusLabel, statusNames } from "../../components/badges.tsx";
import { ChosenBar } from "../../components/chosen-bar.tsx";
import { ColumnMenu } from "../../components/column-menu.tsx";
import { messageOf } from "../../components/error-message.ts";
import { ExportMenu } from "../../components/export-menu.tsx";
import { FilterBar, FilterSelect, SearchBox } from "../../components/filter-bar.tsx";
import { formatExactTime } from "../../components/format.ts";
import { ListTable } from "../../components/list-table.tsx";
import { Page, Panel } from "../../components/page.tsx";
import { RefusedPage } from "../../components/refused-page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { directionChoices, directions, useJobs } from "../../components/use-jobs.ts";
import { useJobResultChoices } from "../../components/use-record-choices.ts";
import { useListTable } from "../../components/use-list-table.ts";
import {
  listPageSize,
  oneOf,
  pageQuery,
  useSearchState,
  uuidIn,
} from "../../components/use-search-state.ts";
import {
  detailSyncColumns,
  syncColumns,
  syncKey,
  syncSorts,
} from "../../components/sync-columns.tsx";

import { DeleteSyncsDialog } from "./delete-syncs-dialog.tsx";

const statusChoices = statusNames.map((value) => ({ value, label: statusLabel(value) }));
const kindChoices = [
  { value: "true", label: "Dry run, undo or comparison" },
  { value: "false", label: "Sync or roll back" },
];

export function HistoryPage() {
  const { search, filter, page } = useSearchState();
  const may = useMay();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isDeleting, deleting] = useDisclosure(false);
  const filters = {
    q: search.q,
    jobId: search.jobId,
    jobResultId: uuidIn(search.jobResultId),
    status: search.status,
    isDryRun: oneOf(["true", "false"], search.isDryRun),
    direction: oneOf(directions, search.direction),
    sort: oneOf(syncSorts, search.sort),
  };
  const syncs = useQuery(syncsQuery({ ...filters, ...pageQuery(page) }));
  const jobs = useJobs();
  const job = jobs.find(({ id }) => id === filters.jobId);
  const jobResults = useJobResultChoices(filters.jobId, filters.jobResultId);
  const isCompared = filters.direction === "comparison";
  const columns = useMemo(
    () => syncColumns(job ? actionWords(job) : isCompared ? wordsOfAnyComparison : wordsOfSyncs),
    [job, isCompared],
  );
  const table = useListTable({
    columns,
    page: syncs.data,
    rowKey: syncKey,
    pageSize: listPageSize,
    defaultSort: "-createdAt",
    initiallyHidden: detailSyncColumns,
  });
  const { sort: _order, ...narrowing } = filters;
  const isFiltered = Object.values(narrowing).some(Boolean);
  const rows = new Map(syncs.data?.items.map((sync) => [sync.id, sync]));
  // What is out of sight is not acted upon.
  const ids = [...chosen].filter((id) => rows.has(id));
  const chooseNone = () => {
    setChosen(new Set());
  };
  const title = "Sync history";
  const crumbs = [{ label: "Single Source of Truth", to: "/plugins/ssot/" }, { label: "History" }];
  if (isRefused(syncs.error)) {
    return (
      <RefusedPage title={title} crumbs={crumbs}>
        {messageOf(syncs.error)}
      </RefusedPage>
    );
  }
  return (
    <Page
      title={title}
      crumbs={crumbs}
      actions={<ExportMenu path="/api/ssot/syncs" query={filters} />}
    >
      <Panel>
        <FilterBar>
          <SearchBox label="Search names and values" {...filter("q")} />
          <FilterSelect
            label="Any job"
            choices={jobs.map(({ id, title }) => ({ value: id, label: title }))}
            {...filter("jobId")}
          />
          <FilterSelect
            label="Any job result"
            choices={jobResults}
            {...filter("jobResultId")}
            value={filters.jobResultId}
          />
          <FilterSelect label="Any status" choices={statusChoices} {...filter("status")} />
          <FilterSelect label="Any type" choices={kindChoices} {...filter("isDryRun")} />
          <FilterSelect label="Any direction" choices={directionChoices} {...filter("direction")} />
          <ColumnMenu table={table} />
        </FilterBar>
        {ids.length > 0 && (
          <ChosenBar count={ids.length} onNone={chooseNone}>
            <Button size="compact-sm" variant="default" c="var(--delete)" onClick={deleting.open}>
              Delete…
            </Button>
          </ChosenBar>
        )}
        <DeleteSyncsDialog
          isOpen={isDeleting}
          ids={ids}
          onClose={deleting.close}
          onDeleted={chooseNone}
        />
        <ListTable
          label="Syncs"
          {...(may(objectTypes.sync, "delete") && {
            selection: {
              ids: new Set(ids),
              labelOf: (id: string) => {
                const sync = rows.get(id);
                return sync ? `${sync.jobTitle}, ${formatExactTime(sync.createdAt)}` : id;
              },
              change: setChosen,
            },
          })}
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
                action={
                  may(objectTypes.job, "run") && (
                    <Link to="/plugins/ssot/">Go to the dashboard and press Sync</Link>
                  )
                }
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
