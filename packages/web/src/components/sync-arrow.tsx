import {
  IconArrowNarrowRight,
  IconArrowsDiff,
  IconDatabase,
  IconServer2,
} from "@tabler/icons-react";
import type { Direction } from "../api/shapes.ts";
import classes from "./sync-arrow.module.css";

interface SyncArrowProps {
  sourceName: string;
  targetName: string;
  direction: Direction;
}

/** Both systems and the way of the data. */
export function SyncArrow({ sourceName, targetName, direction }: SyncArrowProps) {
  return (
    <div className={classes.arrow}>
      <Side name={sourceName} isHub={direction === "target"} role="Source" />
      {direction === "comparison" ? (
        <IconArrowsDiff size={36} stroke={1.1} aria-label="is compared with" />
      ) : (
        <IconArrowNarrowRight size={40} stroke={1.1} aria-label="is synced to" />
      )}
      <Side name={targetName} isHub={direction === "source"} role="Target" />
    </div>
  );
}

function Side({ name, isHub, role }: { name: string; isHub: boolean; role: string }) {
  const SideIcon = isHub ? IconDatabase : IconServer2;
  return (
    <div className={classes.side}>
      <span className={classes.icon} data-hub={isHub || undefined}>
        <SideIcon size={26} stroke={1.4} aria-hidden />
      </span>
      <span className={classes.role}>{role}</span>
      <span className={classes.name}>{name}</span>
    </div>
  );
}
