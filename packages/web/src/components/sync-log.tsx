import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { syncLogsQuery } from "../api/queries.ts";
import type { SyncLogRow } from "../api/shapes.ts";
import { useModels } from "../api/use-models.ts";
import { actions, actionWords, useActionWords, WordsOfRecord } from "./action-words.ts";
import { ActionBadge, WordBadge } from "./badges.tsx";
import { ChangeValues } from "./change-values.tsx";
import { ListTable } from "./list-table.tsx";
import { ColumnMenu } from "./column-menu.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { FilterBar, FilterSelect, SearchBox } from "./filter-bar.tsx";
import type { Models } from "./key-label.ts";
import { ObjectLinks } from "./object-links.tsx";
import { logOfOutcome, outcomeLabels, writingOutcomes } from "./outcome-words.ts";
import { EmptyState } from "./states.tsx";
import { LogTime } from "./time.tsx";
import { useListTable, type ListColumn } from "./use-list-table.ts";
import { directionChoices, directions, useJobs } from "./use-jobs.ts";
import { useSyncChoices } from "./use-record-choices.ts";
import { listPageSize, oneOf, pageQuery, useSearchState, uuidIn } from "./use-search-state.ts";
import classes from "./sync-log.module.css";

const kindChoices = [
  { value: "change", label: "Changes" },
  { value: "finding", label: "Findings" },
  { value: "message", label: "Messages" },
];
const outcomeChoices = [
  ...outcomeLabels.map(([value, label]) => ({ value, label })),
  ...writingOutcomes
    .filter(({ outcomes }) => outcomes.length > 1)
    .map((outcome) => ({ value: logOfOutcome(outcome).outcome, label: outcome.title })),
];
const statusChoices = [
  { value: "success", label: "Success" },
  { value: "failure", label: "Failure" },
  { value: "error", label: "Error" },
];

/** Every object's action and outcome, findings and messages: of one sync, or of all (null). */
export function SyncLog({ syncId }: { syncId: string | null }) {
  const { search, filter, page } = useSearchState();
  const models = useModels();
  const jobs = useJobs();
  const job = jobs.find(({ id }) => id === search.jobId);
  const wordsOfRecord = useActionWords();
  const words = job ? actionWords(job) : wordsOfRecord;
  const ofSyncs =
    syncId === null
      ? {
          jobId: search.jobId,
          syncId: uuidIn(search.syncId),
          direction: oneOf(directions, search.direction),
        }
      : undefined;
  const filters = {
    q: search.q,
    ...ofSyncs,
    kind: search.kind,
    action: search.action,
    status: search.status,
    outcome: search.outcome,
    model: search.model,
  };
  const logs = useQuery(syncLogsQuery(syncId, { ...filters, ...pageQuery(page) }));
  const syncs = useSyncChoices(syncId === null, search.jobId, ofSyncs?.syncId);
  const modelChoices = [...models.values()].map((model) => ({
    value: model.name,
    label: model.pluralLabel,
  }));
  const isFiltered = Object.values(filters).some(Boolean);
  const columns = useMemo(
    () =>
      columnsFor(models, words.isComparison ? "Difference" : "Action").filter(
        (column) => syncId === null || column.id !== "sync",
      ),
    [models, syncId, words.isComparison],
  );
  const table = useListTable({ columns, page: logs.data, rowKey, pageSize: listPageSize });
  return (
    <>
      <FilterBar>
        <SearchBox label="Search objects and texts" {...filter("q")} />
        {ofSyncs && (
          <>
            <FilterSelect
              label="Any job"
              choices={jobs.map(({ id, title }) => ({ value: id, label: title }))}
              {...filter("jobId")}
            />
            <FilterSelect
              label="Any sync"
              choices={syncs}
              {...filter("syncId")}
              value={ofSyncs.syncId}
            />
            <FilterSelect
              label="Any direction"
              choices={directionChoices}
              {...filter("direction")}
              // People edit addresses: what is no direction is none.
              value={ofSyncs.direction}
            />
          </>
        )}
        <FilterSelect label="Any kind" choices={kindChoices} {...filter("kind")} />
        <FilterSelect
          label={words.isComparison ? "Any difference" : "Any action"}
          choices={actions.map((action) => ({ value: action, label: words.heading(action) }))}
          {...filter("action")}
        />
        <FilterSelect label="Any status" choices={statusChoices} {...filter("status")} />
        {!words.isComparison && (
          <FilterSelect label="Any outcome" choices={outcomeChoices} {...filter("outcome")} />
        )}
        <FilterSelect label="Any type" choices={modelChoices} {...filter("model")} />
        <ColumnMenu table={table} />
        <ExportMenu
          path={syncId === null ? "/api/ssot/logs" : `/api/ssot/syncs/${syncId}/logs`}
          query={filters}
        />
      </FilterBar>
      <ListTable
        label="Sync log"
        table={table}
        query={logs}
        empty={
          isFiltered ? (
            <EmptyState title="No entry matches these filters">
              Clear one of them to see more.
            </EmptyState>
          ) : (
            <EmptyState title="No entry yet">
              Every object a sync touches is listed here with its action, outcome and values.
            </EmptyState>
          )
        }
      />
    </>
  );
}

function rowKey(row: SyncLogRow): string {
  return row.id;
}

function columnsFor(models: Models, action: string): ListColumn<SyncLogRow>[] {
  return [
    { id: "at", header: "Time", cell: ({ row: { original: row } }) => <LogTime at={row.at} /> },
    {
      id: "sync",
      header: "Sync",
      cell: ({ row: { original: row } }) => (
        <Link to="/plugins/ssot/history/$syncId/" params={{ syncId: row.syncId }}>
          {row.jobTitle}
        </Link>
      ),
    },
    {
      id: "action",
      header: action,
      cell: ({ row: { original: row } }) =>
        row.action ? (
          <WordsOfRecord value={actionWords(row)}>
            <ActionBadge action={row.action} />
          </WordsOfRecord>
        ) : (
          <span className="quiet">{row.kind}</span>
        ),
    },
    {
      id: "object",
      header: "Object",
      cell: ({ row: { original: row } }) => (
        <div className={classes.object}>
          {row.model !== null && row.key !== null && row.kind === "change" ? (
            <Link
              to="/plugins/ssot/history/$syncId/"
              params={{ syncId: row.syncId }}
              search={{ model: row.model, key: row.key }}
              hash="diff"
            >
              {row.label}
            </Link>
          ) : (
            (row.label ?? "—")
          )}
          <ObjectLinks row={row} />
        </div>
      ),
    },
    {
      id: "type",
      header: "Type",
      cell: ({ row: { original: row } }) =>
        row.model === null ? "—" : (models.get(row.model)?.label ?? row.model),
    },
    {
      id: "status",
      header: "Status",
      cell: ({ row: { original: row } }) => <WordBadge word={row.status} />,
    },
    {
      id: "message",
      header: "Message",
      meta: { grows: true },
      cell: ({ row: { original: row } }) => (
        <div>
          {row.message || <span className="quiet">—</span>}
          {row.values && row.action && (
            <details className={classes.details}>
              <summary>Values</summary>
              <WordsOfRecord value={actionWords(row)}>
                <ChangeValues
                  models={models}
                  model={row.model}
                  action={row.action}
                  before={row.values.before}
                  after={row.values.after}
                />
              </WordsOfRecord>
            </details>
          )}
        </div>
      ),
    },
  ];
}
