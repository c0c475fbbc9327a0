import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { dashboardQuery } from "../../api/queries.ts";
import type { Dashboard } from "../../api/shapes.ts";
import { maySeeDashboard, objectTypes, useMay } from "../../api/use-may.ts";
import { Page, Panel } from "../../components/page.tsx";
import { EmptyState, ErrorState, LinesSkeleton } from "../../components/states.tsx";
import { EstateLine } from "./estate-line.tsx";
import { JobList } from "./job-list.tsx";
import { LoadErrors } from "./load-errors.tsx";
import { RecentSyncs } from "./recent-syncs.tsx";
import { WhatYouMaySee } from "./what-you-may-see.tsx";
import classes from "./dashboard.module.css";

export function DashboardPage() {
  return maySeeDashboard(useMay()) ? <JobsAndSyncs /> : <WhatYouMaySee />;
}

function JobsAndSyncs() {
  const dashboard = useQuery(dashboardQuery);
  const { data } = dashboard;
  const mayRun = useMay()(objectTypes.job, "run");
  return (
    <Page
      title="Single Source of Truth"
      lead={data && <EstateLine dashboard={data} mayRun={mayRun} />}
    >
      {dashboard.error && !data && (
        <ErrorState error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      )}
      {dashboard.isPending && (
        <Panel>
          <LinesSkeleton lines={8} height={26} />
        </Panel>
      )}
      {data && <Content dashboard={data} />}
    </Page>
  );
}

function Content({ dashboard }: { dashboard: Dashboard }) {
  const { sources, targets, comparisons, recentSyncs, loadErrors } = dashboard;
  const isFresh = recentSyncs.length === 0;
  const first = isFresh ? (sources[0]?.id ?? targets[0]?.id ?? comparisons[0]?.id) : undefined;
  return (
    <>
      {loadErrors.length > 0 && <LoadErrors errors={loadErrors} />}
      <div className={classes.columns}>
        <div className={classes.left}>
          <Panel title="Data Sources" aside={<span className="quiet">into the hub</span>}>
            {sources.length > 0 ? (
              <JobList jobs={sources} firstId={first} />
            ) : (
              <EmptyState title="No Data Source yet">
                A Data Source fills the hub from another system. Add a connection to{" "}
                <code>plumbline.config.ts</code> and start Plumbline again.
              </EmptyState>
            )}
          </Panel>
          <Panel title="Data Targets" aside={<span className="quiet">out of the hub</span>}>
            {targets.length > 0 ? (
              <JobList jobs={targets} firstId={sources.length > 0 ? undefined : first} />
            ) : (
              <EmptyState title="No Data Target yet">
                A Data Target feeds another system from the hub. Add a connection to{" "}
                <code>plumbline.config.ts</code> and start Plumbline again.
              </EmptyState>
            )}
          </Panel>
          {comparisons.length > 0 && (
            <Panel title="Comparisons" aside={<span className="quiet">nothing is written</span>}>
              <JobList
                jobs={comparisons}
                firstId={sources.length + targets.length > 0 ? undefined : first}
              />
            </Panel>
          )}
        </div>
        <Panel
          title="Newest syncs"
          aside={isFresh ? undefined : <Link to="/plugins/ssot/history/">All history</Link>}
        >
          {isFresh ? (
            <EmptyState title="Nothing has run yet">
              Every sync leaves a record here: what differed, what was applied, and what was not.
            </EmptyState>
          ) : (
            <RecentSyncs syncs={recentSyncs} />
          )}
        </Panel>
      </div>
    </>
  );
}
