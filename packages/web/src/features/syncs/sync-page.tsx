import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { isRefused } from "../../api/client.ts";
import { every, syncQuery } from "../../api/queries.ts";
import type { SyncDetail } from "../../api/shapes.ts";
import { neededPermission, objectTypes, useMay } from "../../api/use-may.ts";
import { actionWords, sidesText, WordsOfRecord } from "../../components/action-words.ts";
import { isFinal, StatusBadge, SyncTypeBadge } from "../../components/badges.tsx";
import { formatCount, formatExactTime } from "../../components/format.ts";
import { JobLogView } from "../../components/job-log.tsx";
import { OutcomeLine } from "../../components/outcome-line.tsx";
import { kindName } from "../../components/job-kind.ts";
import { Page, Panel } from "../../components/page.tsx";
import { PageError } from "../../components/page-error.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { NotAllowed } from "../../components/states.tsx";
import { SyncLog } from "../../components/sync-log.tsx";
import { useSearchState } from "../../components/use-search-state.ts";
import { ApplyButton } from "./apply-button.tsx";
import { CarryOnButtons } from "./carry-on-buttons.tsx";
import { DataSyncTab } from "./data-sync-tab.tsx";
import { FindingsTab } from "./findings-tab.tsx";
import { Mismatches } from "./mismatches.tsx";
import { SyncActions } from "./sync-actions.tsx";
import { TakenBack } from "./taken-back.tsx";

export function SyncPage() {
  const { syncId } = useParams({ from: "/frame/plugins/ssot/history/$syncId" });
  const sync = useQuery({
    ...syncQuery(syncId),
    refetchInterval: (query) =>
      query.state.data && isFinal(query.state.data.status) ? false : every(2_000)(query),
  });
  if (sync.isPending) return <PageSkeleton />;
  if (!sync.data || isRefused(sync.error)) {
    return (
      <PageError
        title="Sync record"
        thing="sync"
        id={syncId}
        error={sync.error}
        onRetry={() => void sync.refetch()}
        list={{ label: "Look at the sync history", to: "/plugins/ssot/history/" }}
      />
    );
  }
  return <SyncRecord sync={sync.data} />;
}

/** Tabs, with the type of what is to be looked at there. */
const tabs = {
  "data-sync": objectTypes.sync,
  findings: objectTypes.sync,
  "job-logs": objectTypes.jobLog,
  "sync-logs": objectTypes.syncLog,
};

type TabName = keyof typeof tabs;

function isTab(name: string | undefined): name is TabName {
  return name !== undefined && Object.hasOwn(tabs, name);
}

function SyncRecord({ sync }: { sync: SyncDetail }) {
  const { search, change } = useSearchState();
  const may = useMay();
  const tab = isTab(search.tab) ? search.tab : "data-sync";
  const isSeen = (name: TabName) => may(tabs[name], "view");
  // Counts lead to logs: who may not look at them is told so there.
  const isShown = (name: TabName) => isSeen(name) || tab === name;
  const words = actionWords(sync);
  return (
    <Page
      title={sidesText(sync)}
      crumbs={[
        { label: "Single Source of Truth", to: "/plugins/ssot/" },
        { label: "History", to: "/plugins/ssot/history/" },
        { label: formatExactTime(sync.startedAt ?? sync.createdAt) },
      ]}
      badge={
        <>
          <StatusBadge status={sync.status} />
          <SyncTypeBadge sync={sync} />
        </>
      }
      lead={
        <OutcomeLine status={sync.status} sentence={sync.sentence} reason={sync.statusReason} />
      }
      actions={
        <>
          <SyncActions sync={sync} />
          {may(objectTypes.job, "run") && (
            <>
              <CarryOnButtons sync={sync} />
              <ApplyButton sync={sync} />
            </>
          )}
        </>
      }
    >
      <TakenBack sync={sync} />
      <Mismatches sync={sync} />
      <WordsOfRecord value={words}>
        <Tabs
          value={tab}
          onChange={(next) => {
            const kept = next === "data-sync" ? undefined : (next ?? undefined);
            change({
              tab: kept,
              q: undefined,
              status: undefined,
              level: undefined,
              grouping: undefined,
              action: undefined,
              outcome: undefined,
              model: undefined,
              key: undefined,
              field: undefined,
              guard: undefined,
              kind: undefined,
              side: undefined,
              hide: undefined,
              show: undefined,
              parentModel: undefined,
              parentKey: undefined,
            });
          }}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            <Tabs.Tab value="data-sync">{words.isComparison ? "Comparison" : "Data Sync"}</Tabs.Tab>
            <Tabs.Tab value="findings">
              Findings {sync.counts.findings > 0 && formatCount(sync.counts.findings)}
            </Tabs.Tab>
            {isShown("job-logs") && <Tabs.Tab value="job-logs">Job Logs</Tabs.Tab>}
            {isShown("sync-logs") && <Tabs.Tab value="sync-logs">Sync Logs</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="data-sync">
            <DataSyncTab sync={sync} />
          </Tabs.Panel>
          <Tabs.Panel value="findings">
            <FindingsTab sync={sync} />
          </Tabs.Panel>
          <Tabs.Panel value="job-logs">
            {isSeen("job-logs") ? (
              sync.jobResults.map((result) => (
                <JobLogView
                  key={result.id}
                  jobResultId={result.id}
                  title={`Log: ${kindName(result.kind)}`}
                  isRunning={!isFinal(result.status)}
                />
              ))
            ) : (
              <Panel>
                <NotAllowed>{neededPermission(objectTypes.jobLog, "view")}</NotAllowed>
              </Panel>
            )}
          </Tabs.Panel>
          <Tabs.Panel value="sync-logs">
            <Panel>
              {isSeen("sync-logs") ? (
                <SyncLog syncId={sync.id} />
              ) : (
                <NotAllowed>{neededPermission(objectTypes.syncLog, "view")}</NotAllowed>
              )}
            </Panel>
          </Tabs.Panel>
        </Tabs>
      </WordsOfRecord>
    </Page>
  );
}
