import { Button } from "@mantine/core";
import type { Ruling, RulingVerdict, SyncDetail } from "../../api/shapes.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { ErrorState } from "../../components/states.tsx";
import { ApplyButton } from "./apply-button.tsx";
import { verdictWords, type Review } from "./review.ts";
import classes from "./review-bar.module.css";

interface ReviewBarProps {
  sync: SyncDetail;
  review: Review;
  selected: ReadonlySet<number>;
  onClear: () => void;
  /** Asks before it rules. */
  onAsk: (ruling: Ruling) => void;
  /** The filters in force, where there are any. */
  filter: Ruling["filter"];
  /** How many changes match them. */
  total: number | null;
}

/** Stays in view below the diff: what will be applied, and rulings on the selection or on all that is shown. */
export function ReviewBar(props: ReviewBarProps) {
  const { sync, review, selected, filter, total } = props;
  const { create, update, delete: removed, held, rejected } = sync.counts;
  const planned = create + update + removed;
  const free = planned - held - rejected;
  const hasSelection = selected.size > 0;
  const rule = (verdict: RulingVerdict) => {
    const ruling = { verdict, ...(hasSelection ? { positions: [...selected] } : { filter }) };
    if (hasSelection && (verdict === "reject" || verdict === "accept")) review.rule(ruling);
    else props.onAsk(ruling);
  };
  return (
    <div className={classes.bar} role="group" aria-label="Review">
      <div className={classes.state}>
        <span className={classes.count}>
          {formatCount(free)} of {countOf(planned, "change")} to apply
        </span>
        {held > 0 && <span>{formatCount(held)} held</span>}
        {rejected > 0 && <span>{formatCount(rejected)} rejected</span>}
        <span role="status" className={classes.message}>
          {review.isPending ? "Deciding…" : review.message}
        </span>
      </div>
      {review.error && <ErrorState error={review.error} />}
      <div className={classes.buttons}>
        {(hasSelection || (filter !== undefined && total !== null && total > 0)) && (
          <>
            <span className={classes.of}>
              {hasSelection
                ? `${formatCount(selected.size)} selected`
                : `All ${formatCount(total ?? 0)} shown`}
            </span>
            {(["reject", "accept", "release"] as const)
              .filter((verdict) => verdict !== "release" || held > 0)
              .map((verdict) => (
                <Button
                  key={verdict}
                  size="compact-sm"
                  variant="default"
                  disabled={review.isPending}
                  onClick={() => {
                    rule(verdict);
                  }}
                >
                  {verdictWords[verdict].verb}
                  {(verdict === "release" || !hasSelection) && "…"}
                </Button>
              ))}
            {hasSelection && (
              <Button size="compact-sm" variant="subtle" onClick={props.onClear}>
                Clear
              </Button>
            )}
          </>
        )}
        <ApplyButton sync={sync} of={planned} />
      </div>
    </div>
  );
}
