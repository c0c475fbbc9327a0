import { IconArrowBackUp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { SyncDetail } from "../../api/shapes.ts";
import { formatExactTime } from "../../components/format.ts";
import classes from "./taken-back.module.css";

/** Says which sync this one takes back, and which take this one back. */
export function TakenBack({ sync }: { sync: SyncDetail }) {
  const [undone] = sync.undoneBy;
  if (sync.undoOf === null && undone === undefined) return null;
  return (
    <p className={classes.line}>
      <IconArrowBackUp size={17} stroke={1.8} aria-hidden />
      {sync.undoOf !== null && (
        <Link to="/plugins/ssot/history/$syncId/" params={{ syncId: sync.undoOf }}>
          Takes back another sync
        </Link>
      )}
      {undone !== undefined && (
        <Link to="/plugins/ssot/history/$syncId/" params={{ syncId: undone.id }}>
          The way back of {formatExactTime(undone.createdAt)}
        </Link>
      )}
    </p>
  );
}
