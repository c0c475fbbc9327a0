// Joins to a change `c` what counts of the append-only tables beside it: the latest row. Lateral on
// purpose: each is one look into an index, whatever the planner believes about tables that were empty
// a second ago.

/** `decision`: hold or release; `judgement`: a person's reject or accept. */
export const joinLatestDecision = `left join lateral (
  select verdict, guard from sync_decision
  where sync_id = c.sync_id and position = c.position and verdict in ('hold', 'release')
  order by id desc limit 1) decision on true
left join lateral (
  select verdict from sync_decision
  where sync_id = c.sync_id and position = c.position and verdict in ('reject', 'accept')
  order by id desc limit 1) judgement on true`;

/** Whether a change, joined as above, is one that may be applied. */
export const isAllowed = `(decision.verdict is distinct from 'hold' and judgement.verdict is distinct from 'reject')`;

export const joinLatestOutcome = `left join lateral (
  select status, target_id, job_result_id from sync_outcome
  where sync_id = c.sync_id and position = c.position order by id desc limit 1) outcome on true`;

/** Whether a change, joined as above, is still to be applied. */
export const isOpen = `${isAllowed} and outcome.status is distinct from 'applied'`;

/** Whether a change, joined as above, was not tried: a run ended before it. */
export const isUnfinished = `${isAllowed} and (outcome.status is null or outcome.status = 'cancelled')`;

/** Whether a change, joined as above, failed, or was skipped because another did. */
export const isFailed = `${isAllowed} and outcome.status in ('failed', 'skipped')`;
