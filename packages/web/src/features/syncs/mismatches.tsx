import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { SyncDetail } from "../../api/shapes.ts";
import { countOf } from "../../components/format.ts";
import classes from "./mismatches.module.css";

/** Says of a sync that objects do not read back as written, and leads to the lines that name them. */
export function Mismatches({ sync }: { sync: SyncDetail }) {
  const total = sync.jobResults.reduce((sum, { mismatches }) => sum + mismatches, 0);
  if (total === 0) return null;
  return (
    <p className={classes.mismatches}>
      <IconAlertTriangle size={17} stroke={1.8} aria-hidden />
      <span>
        {countOf(total, "object does", "objects do")} not read back from {sync.targetName} as
        written.{" "}
        <Link
          to="/plugins/ssot/history/$syncId/"
          params={{ syncId: sync.id }}
          search={{ tab: "job-logs", grouping: "verify", level: "warning" }}
        >
          The log names each
        </Link>
      </span>
    </p>
  );
}
