import { actionSign } from "./badges.tsx";
import { formatCount } from "./format.ts";
import classes from "./change-counts.module.css";

interface ChangeCountsProps {
  counts: { create: number; update: number; delete: number };
  /** Shown where there is nothing to count. */
  none?: string;
}

/** "+12 ~3 −1", zeros left out. */
export function ChangeCounts({ counts, none = "no changes" }: ChangeCountsProps) {
  const shown = (["create", "update", "delete"] as const).filter((action) => counts[action] > 0);
  if (shown.length === 0) return <span className="quiet">{none}</span>;
  return (
    <span className={classes.counts}>
      {shown.map((action) => (
        <span
          key={action}
          className={classes.count}
          data-action={action}
          title={`${formatCount(counts[action])} to ${action}`}
        >
          {actionSign(action)}
          {formatCount(counts[action])}
        </span>
      ))}
    </span>
  );
}
