import { useQuery } from "@tanstack/react-query";
import { jobResultQuery, jobResultsQuery, syncQuery, syncsQuery } from "../api/queries.ts";
import type { JobResultRow, SyncRow } from "../api/shapes.ts";
import { objectTypes, useMay } from "../api/use-may.ts";
import { sidesText } from "./action-words.ts";
import { formatExactTime } from "./format.ts";
import { kindName } from "./job-kind.ts";

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** So many of the newest are offered. */
const offered = { limit: 50 };

/** The newest job results, of a job where one is given, and what is chosen, also where that is an older one. */
export function useJobResultChoices(
  jobId: string | undefined,
  chosen: string | undefined,
): Choice[] {
  const enabled = useMay()(objectTypes.jobResult, "view");
  const list = useQuery({ ...jobResultsQuery({ jobId, ...offered }), enabled });
  const newest = list.data?.items ?? [];
  const isMissing = enabled && chosen !== undefined && !newest.some(({ id }) => id === chosen);
  const older = useQuery({ ...jobResultQuery(chosen ?? ""), enabled: isMissing, retry: false });
  return withOlder(newest, isMissing ? older.data : undefined).map((result) => ({
    value: result.id,
    label: labelOfResult(result),
  }));
}

/** The same of syncs, where they are to be chosen among. */
export function useSyncChoices(
  isOffered: boolean,
  jobId: string | undefined,
  chosen: string | undefined,
): Choice[] {
  const enabled = useMay()(objectTypes.sync, "view") && isOffered;
  const list = useQuery({ ...syncsQuery({ jobId, ...offered }), enabled });
  const newest = list.data?.items ?? [];
  const isMissing = enabled && chosen !== undefined && !newest.some(({ id }) => id === chosen);
  const older = useQuery({ ...syncQuery(chosen ?? ""), enabled: isMissing, retry: false });
  return withOlder(newest, isMissing ? older.data : undefined).map((sync) => ({
    value: sync.id,
    label: labelOfSync(sync),
  }));
}

function withOlder<Row>(newest: readonly Row[], older: Row | undefined): readonly Row[] {
  return older === undefined ? newest : [...newest, older];
}

function labelOfResult({
  jobTitle,
  kind,
  createdAt,
}: Pick<JobResultRow, "jobTitle" | "kind" | "createdAt">) {
  const what = kind === "run" ? jobTitle : `${jobTitle}, ${kindName(kind).toLowerCase()}`;
  return `${what}, ${formatExactTime(createdAt)}`;
}

function labelOfSync(sync: SyncRow): string {
  return `${sidesText(sync)}, ${formatExactTime(sync.startedAt ?? sync.createdAt)}`;
}
