import { actions, useActionWords } from "./action-words.ts";
import { formatCount } from "./format.ts";
import classes from "./change-counts.module.css";

interface ChangeCountsProps {
  counts: { create: number; update: number; delete: number };
  /** Shown where there is nothing to count. */
  none?: string;
}

/** "+12 ~3 −1", zeros left out. */
export function ChangeCounts({ counts, none = "no changes" }: ChangeCountsProps) {
  const { sign, tone, counted } = useActionWords();
  const shown = actions.filter((action) => counts[action] > 0);
  if (shown.length === 0) return <span className="quiet">{none}</span>;
  return (
    <span className={classes.counts}>
      {shown.map((action) => (
        <span
          key={action}
          className={classes.count}
          data-action={tone(action)}
          title={counted(action, counts[action])}
        >
          {sign(action)}
          {formatCount(counts[action])}
        </span>
      ))}
    </span>
  );
}
