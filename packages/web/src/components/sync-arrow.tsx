import {
  IconArrowNarrowRight,
  IconArrowsDiff,
  IconDatabase,
  IconServer2,
} from "@tabler/icons-react";
import type { JobDetail } from "../api/shapes.ts";
import classes from "./sync-arrow.module.css";

type SyncArrowProps = Pick<JobDetail, "sourceName" | "targetName" | "direction" | "hubSide">;

/** Both systems and the way of the data. */
export function SyncArrow({ sourceName, targetName, direction, hubSide }: SyncArrowProps) {
  const isComparison = direction === "comparison";
  return (
    <div className={classes.arrow}>
      <Side name={sourceName} isHub={hubSide === "source"} role={isComparison ? null : "Source"} />
      {isComparison ? (
        <IconArrowsDiff size={36} stroke={1.1} aria-label="is compared with" />
      ) : (
        <IconArrowNarrowRight size={40} stroke={1.1} aria-label="is synced to" />
      )}
      <Side name={targetName} isHub={hubSide === "target"} role={isComparison ? null : "Target"} />
    </div>
  );
}

function Side({ name, isHub, role }: { name: string; isHub: boolean; role: string | null }) {
  const SideIcon = isHub ? IconDatabase : IconServer2;
  return (
    <div className={classes.side}>
      <span className={classes.icon} data-hub={isHub || undefined}>
        <SideIcon size={26} stroke={1.4} aria-hidden />
      </span>
      {role !== null && <span className={classes.role}>{role}</span>}
      <span className={classes.name}>{name}</span>
    </div>
  );
}
