// What is ruled on a change and what the logs say of it, once for the pages' queries and the lists of the API: as SQL.
import type { logStatuses } from "../../rest/declarations/sync-log.ts";

type LogStatus = (typeof logStatuses)[number];

/**
 * Joins the latest rulings on a change, its guards' as `decision` and a person's as `judgement`: they are append-only.
 * @param change the alias of the row of sync_change
 */
export function latestRulings(change: string): string {
  const latest = (columns: string, verdicts: string) =>
    `left join lateral (select ${columns} from sync_decision d
                      where d.sync_id = ${change}.sync_id and d.position = ${change}.position
                        and d.verdict in (${verdicts})
                      order by d.id desc limit 1)`;
  const judged = "d.verdict, d.reason, d.user_name, d.created_at, d.earlier_sync, d.earlier_at";
  return `${latest("d.verdict, d.guard, d.reason, d.user_name, d.created_at", "'hold', 'release'")} decision on true
  ${latest(judged, "'reject', 'accept'")} judgement on true`;
}

/** What of the latest rulings on a change is asked, where it is looked up for the rows alone that come to be asked. */
export function ofRulings(change: string, value: string): string {
  return `(select ${value} from (values (1)) one ${latestRulings(change)})`;
}

/** Where nobody tried a change: how it stands. A rejection is told before a hold. */
export const untriedState = `case when judgement.verdict = 'reject' then 'rejected'
  when decision.verdict = 'hold' then 'held' else 'pending' end`;

/** The reason of the ruling that keeps a change from being tried; null where none does. */
export const rulingReason = `case when judgement.verdict = 'reject' then judgement.reason
  when decision.verdict = 'hold' then decision.reason end`;

/** Why nobody tries a change, in words; null where nothing is against it. */
export const whyWithheld = `case when judgement.verdict = 'reject' then 'Rejected by ' || coalesce(judgement.user_name, 'somebody')
  when decision.verdict = 'hold' then 'Held: ' || decision.reason end`;

/** Why nothing was written where no outcome says more. */
export const notDone = {
  skipped: "Not tried: something it needs failed",
  stale: "Not written: the object is no longer as planned",
  cancelled: "Not tried: the run ended before",
} as const;

/** What the logs call each outcome: an error is what the target refused, a failure what did not come to be written. */
export const statusOfOutcome = {
  ...{ applied: "success", failed: "error" },
  ...{ skipped: "failure", stale: "failure", cancelled: "failure" },
} as const satisfies Readonly<Record<"applied" | "failed" | keyof typeof notDone, LogStatus>>;

/** `case <place> when … end` over words. */
export function wordsAt(place: string, words: Readonly<Record<string, string>>): string {
  const branches = Object.entries(words).map(([value, word]) => `when '${value}' then '${word}'`);
  return `case ${place} ${branches.join(" ")} end`;
}
