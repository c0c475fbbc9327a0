import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { isRefused } from "../../api/client.ts";
import { jobQuery, syncsQuery } from "../../api/queries.ts";
import type { Direction, JobDetail } from "../../api/shapes.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { useModels } from "../../api/use-models.ts";
import { actionWords } from "../../components/action-words.ts";
import { ButtonLink } from "../../components/button-link.tsx";
import { ColumnMenu } from "../../components/column-menu.tsx";
import { ListTable } from "../../components/list-table.tsx";
import { Facts, Lines, Page, Panel } from "../../components/page.tsx";
import { PageError } from "../../components/page-error.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { EmptyState } from "../../components/states.tsx";
import { SyncArrow } from "../../components/sync-arrow.tsx";
import { Time } from "../../components/time.tsx";
import { useListTable } from "../../components/use-list-table.ts";
import { oneOf, pageQuery, useSearchState } from "../../components/use-search-state.ts";
import {
  detailSyncColumns,
  syncColumns,
  syncKey,
  syncSorts,
} from "../../components/sync-columns.tsx";
import { DataMappings } from "./data-mappings.tsx";
import classes from "./job-page.module.css";

export function JobPage() {
  const { jobId } = useParams({ from: "/frame/plugins/ssot/jobs/$jobId" });
  const job = useQuery(jobQuery(jobId));
  if (job.isPending) return <PageSkeleton />;
  if (!job.data || isRefused(job.error)) {
    return (
      <PageError
        title="Job"
        thing="job"
        id={jobId}
        error={job.error}
        onRetry={() => void job.refetch()}
        list={{ label: "Look at the jobs there are", to: "/plugins/ssot/" }}
      />
    );
  }
  return <Content job={job.data} />;
}

const pageSize = 20;

const kinds: Record<Direction, string> = {
  source: "Data Sources",
  target: "Data Targets",
  comparison: "Comparisons",
};

function Content({ job }: { job: JobDetail }) {
  const models = useModels();
  const may = useMay();
  const mayRun = may(objectTypes.job, "run");
  const seesSyncs = may(objectTypes.sync, "view");
  const { search, page } = useSearchState();
  const syncs = useQuery({
    ...syncsQuery({
      jobId: job.id,
      sort: oneOf(syncSorts, search.sort),
      ...pageQuery(page, pageSize),
    }),
    enabled: seesSyncs,
  });
  const { direction, sourceName, targetName } = job;
  const columns = useMemo(
    () =>
      syncColumns(actionWords({ direction, sourceName, targetName })).filter(
        ({ id }) => id !== "jobTitle",
      ),
    [direction, sourceName, targetName],
  );
  const table = useListTable({
    columns,
    page: syncs.data,
    rowKey: syncKey,
    pageSize,
    defaultSort: "-createdAt",
    initiallyHidden: detailSyncColumns,
  });
  const isComparison = direction === "comparison";
  return (
    <Page
      title={job.title}
      lead={job.description}
      crumbs={[
        { label: "Single Source of Truth", to: "/plugins/ssot/" },
        { label: kinds[job.direction] },
        { label: job.title },
      ]}
      actions={
        mayRun && (
          <ButtonLink
            leftSection={<IconPlayerPlay size={15} stroke={2} aria-hidden />}
            to="/plugins/ssot/jobs/$jobId/run/"
            params={{ jobId: job.id }}
          >
            {isComparison ? "Compare" : "Sync"}
          </ButtonLink>
        )
      }
    >
      <div className={classes.columns}>
        <div className={classes.left}>
          <Panel>
            <SyncArrow {...job} />
          </Panel>
          <Panel title="Configuration">
            <Facts
              items={[
                [
                  "State",
                  <span key="state">
                    {job.state.text}
                    {job.state.at && (
                      <span className="quiet">
                        , <Time at={job.state.at} />
                      </span>
                    )}
                  </span>,
                ],
                ["System", job.system],
                ...job.configuration.map(
                  ({ label, value }) =>
                    [
                      label,
                      <span key={label} className="mono">
                        {value}
                      </span>,
                    ] as const,
                ),
                [
                  "Deletes",
                  isComparison ? null : (
                    <Lines
                      key="deletes"
                      lines={[
                        job.deletesDefault
                          ? "Applied"
                          : "Shown, and applied only when a run asks for them",
                        ...job.deleteRules,
                      ]}
                    />
                  ),
                ],
                ["Scope", job.scope.length > 0 ? <Lines key="scope" lines={job.scope} /> : null],
                ["Ignored", job.ignored.length > 0 ? job.ignored.join(", ") : null],
                [
                  "Job",
                  <span key="id" className="mono">
                    {job.id}
                  </span>,
                ],
                ["Plugin", job.plugin],
              ]}
            />
          </Panel>
        </div>
        <DataMappings job={job} models={models} />
      </div>
      {seesSyncs && (
        <div className={classes.history}>
          <Panel
            title={isComparison ? "Comparisons made" : "Sync history"}
            aside={
              <span className={classes.listTools}>
                <Link to="/plugins/ssot/history/" search={{ jobId: job.id }}>
                  Filter and export
                </Link>
                <ColumnMenu table={table} />
              </span>
            }
          >
            <ListTable
              label={isComparison ? "Comparisons of this job" : "Syncs of this job"}
              table={table}
              query={syncs}
              empty={
                <EmptyState title="It has never run">
                  {!mayRun
                    ? "Each run is listed here, with what differed and what became of it."
                    : isComparison
                      ? "Press Compare: it shows how the two differ and writes nothing."
                      : "Press Sync: a dry run shows what would change and writes nothing."}
                </EmptyState>
              }
            />
          </Panel>
        </div>
      )}
    </Page>
  );
}
