import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { formatCount } from "./format.ts";
import classes from "./chosen-bar.module.css";

interface ChosenBarProps {
  count: number;
  /** What can be done with them. */
  children: ReactNode;
  onNone: () => void;
}

/** Above a list: how many of its rows are chosen, and what can be done with them. */
export function ChosenBar({ count, children, onNone }: ChosenBarProps) {
  return (
    <div className={classes.chosen} role="region" aria-label="Chosen rows">
      <span className="number">{formatCount(count)} chosen</span>
      {children}
      <Button size="compact-sm" variant="subtle" onClick={onNone}>
        Choose none
      </Button>
    </div>
  );
}
