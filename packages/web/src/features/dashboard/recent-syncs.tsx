import { Link } from "@tanstack/react-router";
import type { SyncRow } from "../../api/shapes.ts";
import { actionWords, sidesText, WordsOfRecord } from "../../components/action-words.ts";
import { StatusBadge, SyncTypeBadge } from "../../components/badges.tsx";
import { ChangeCounts } from "../../components/change-counts.tsx";
import { Time } from "../../components/time.tsx";
import classes from "./dashboard.module.css";

export function RecentSyncs({ syncs }: { syncs: SyncRow[] }) {
  return (
    <ul className={classes.recent}>
      {syncs.map((sync) => (
        <li key={sync.id}>
          <div className={classes.recentLine}>
            <Link to="/plugins/ssot/history/$syncId/" params={{ syncId: sync.id }}>
              {sidesText(sync)}
            </Link>
            <span className="quiet">
              <Time at={sync.startedAt ?? sync.createdAt} />
            </span>
          </div>
          <div className={classes.recentLine}>
            <span className={classes.recentBadges}>
              <StatusBadge status={sync.status} />
              <SyncTypeBadge sync={sync} />
            </span>
            <WordsOfRecord value={actionWords(sync)}>
              <ChangeCounts counts={sync.counts} none="" />
            </WordsOfRecord>
          </div>
        </li>
      ))}
    </ul>
  );
}
