import { useState } from "react";
import { formatCount } from "./format.ts";
import { differenceOf, folded } from "./text-difference.ts";
import classes from "./long-text.module.css";

interface LongTextProps {
  text: string;
  /** What it stands beside; null where it stands alone. */
  other: string | null;
}

/** A long text: folded to what differs from the one beside it, which is marked; the whole on request. */
export function LongText({ text, other }: LongTextProps) {
  const [isWhole, setIsWhole] = useState(false);
  const whole = differenceOf(text, other);
  const { start, own, end } = isWhole ? whole : folded(whole);
  return (
    <span>
      <span className={classes.text}>
        {start}
        {other === null ? own : <mark className={classes.own}>{own}</mark>}
        {end}
      </span>{" "}
      <button
        type="button"
        className={classes.fold}
        aria-expanded={isWhole}
        onClick={() => {
          setIsWhole(!isWhole);
        }}
      >
        {isWhole ? "Fold" : `Show all ${formatCount(text.length)} characters`}
      </button>
    </span>
  );
}
