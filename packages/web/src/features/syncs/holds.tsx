import { IconPlayerPause } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { SyncHold } from "../../api/shapes.ts";
import { useModels } from "../../api/use-models.ts";
import { countOf, formatCount } from "../../components/format.ts";
import classes from "./holds.module.css";

/** What the guards withheld and why. */
export function Holds({ syncId, holds }: { syncId: string; holds: SyncHold[] }) {
  const models = useModels();
  const total = holds.reduce((sum, hold) => sum + hold.count, 0);
  return (
    <section className={classes.holds} aria-label="Held changes">
      <h2>
        <IconPlayerPause size={17} stroke={1.8} aria-hidden />
        {countOf(total, "change")} held
      </h2>
      <ul>
        {holds.map((hold) => (
          <li key={`${hold.guard ?? ""} ${hold.model} ${hold.reason}`}>
            <Link
              to="/plugins/ssot/history/$syncId/"
              params={{ syncId }}
              search={{ outcome: "held", model: hold.model }}
              hash="diff"
              className={classes.count}
            >
              {formatCount(hold.count)} {models.get(hold.model)?.pluralLabel ?? hold.model}
            </Link>
            <span>{hold.reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
