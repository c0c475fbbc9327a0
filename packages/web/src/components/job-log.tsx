import { Switch } from "@mantine/core";
import { useState } from "react";
import { jobLogPages } from "../api/queries.ts";
import type { JobLog } from "../api/shapes.ts";
import { WordBadge } from "./badges.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { Chips, FilterBar, SearchBox } from "./filter-bar.tsx";
import { formatCount, formatName } from "./format.ts";
import { PagedList } from "./paged-list.tsx";
import { Panel } from "./page.tsx";
import { EmptyState } from "./states.tsx";
import { LogTime } from "./time.tsx";
import { useSearchState } from "./use-search-state.ts";
import classes from "./job-log.module.css";

const levels = ["error", "warning", "success", "info", "debug"] as const;

interface JobLogViewProps {
  jobResultId: string;
  title?: string;
  isRunning: boolean;
  /** Lines by level, where known. */
  counts?: Readonly<Record<string, number>>;
}

/** The lines of a run; follows the end while it runs. */
export function JobLogView({ jobResultId, title = "Log", isRunning, counts }: JobLogViewProps) {
  const { search, filter } = useSearchState();
  const [follows, setFollows] = useState(true);
  const filters = { level: search.level, grouping: search.grouping, q: search.q };
  const isFiltered = Object.values(filters).some(Boolean);
  return (
    <Panel
      title={title}
      aside={
        isRunning && (
          <Switch
            size="xs"
            label="Follow"
            checked={follows}
            onChange={(event) => {
              setFollows(event.currentTarget.checked);
            }}
          />
        )
      }
    >
      <FilterBar>
        <Chips
          label="Level"
          choices={levels
            .filter((level) => counts === undefined || (counts[level] ?? 0) > 0)
            .map((level) => ({
              value: level,
              label: formatName(level),
              ...(counts ? { count: formatCount(counts[level] ?? 0) } : {}),
            }))}
          {...filter("level")}
        />
        {search.grouping && (
          <Chips
            label="Step"
            choices={[{ value: search.grouping, label: `Step: ${search.grouping}` }]}
            {...filter("grouping")}
          />
        )}
        <SearchBox label="Search the log" {...filter("q")} />
        <ExportMenu path={`/api/ssot/job-results/${jobResultId}/logs`} query={filters} />
      </FilterBar>
      <PagedList<JobLog>
        key={jobResultId + JSON.stringify(filters)}
        label={title}
        source={jobLogPages(jobResultId, filters)}
        refetchMs={isRunning ? 3_000 : undefined}
        rowHeight={32}
        followsEnd={isRunning && follows}
        className={classes.list}
        renderRow={(line) => <LogLine line={line} />}
        empty={
          <EmptyState title={isFiltered ? "No line matches these filters" : "No line yet"}>
            {isFiltered
              ? "Clear a filter above to see more."
              : "What the run does is told here as it happens."}
          </EmptyState>
        }
      />
    </Panel>
  );
}

function LogLine({ line }: { line: JobLog }) {
  return (
    <div className={classes.line} data-level={line.level}>
      <LogTime at={line.at} className="mono" />
      <span className={classes.grouping}>{line.grouping}</span>
      <span>
        <WordBadge word={line.level} />
      </span>
      <span className={classes.message}>
        {line.message}
        {line.details !== null && Object.keys(line.details).length > 0 && (
          <details className={classes.details}>
            <summary>Details</summary>
            <pre>{JSON.stringify(line.details, null, 2)}</pre>
          </details>
        )}
      </span>
    </div>
  );
}
