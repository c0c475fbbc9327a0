import { Button } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Ruling, SyncDetail, SyncHold } from "../../api/shapes.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { useModels } from "../../api/use-models.ts";
import { countOf, formatCount } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { ErrorState } from "../../components/states.tsx";
import { useReview } from "./review.ts";
import { RulingDialog } from "./ruling-dialog.tsx";
import classes from "./holds.module.css";

/** What the guards withheld and why; while the plan can be ruled on, with a way to release it. */
export function Holds({ sync }: { sync: SyncDetail }) {
  const models = useModels();
  const { id: syncId, holds, possible } = sync;
  const review = useReview(sync);
  const mayRun = useMay()(objectTypes.job, "run");
  const canDecide = possible.decide.allowed && mayRun;
  const [asked, setAsked] = useState<Ruling | null>(null);
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
              search={{ outcome: "held", model: hold.model, guard: hold.guard ?? undefined }}
              hash="diff"
              className={classes.count}
            >
              {namedCount(models, hold)}
            </Link>
            <span className={classes.reason}>
              {hold.isExample && "Of one of them: "}
              {hold.reason}
            </span>
            {canDecide && hold.canRelease && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Release ${namedCount(models, hold)}`}
                onClick={() => {
                  const { model, guard } = hold;
                  setAsked({
                    verdict: "release",
                    filter: { model, outcome: ["held"], guard: guard ?? undefined },
                  });
                }}
              >
                Release…
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p role="status" className={classes.message}>
        {review.message}
      </p>
      {review.error && <ErrorState error={review.error} />}
      <RulingDialog
        sync={sync}
        ruling={asked}
        review={review}
        onClose={() => {
          setAsked(null);
        }}
      />
    </section>
  );
}

/** "1 VRF", "36 Devices". */
function namedCount(models: Models, { model: name, count }: SyncHold): string {
  const model = models.get(name);
  return model === undefined
    ? `${formatCount(count)} ${name}`
    : countOf(count, model.label, model.pluralLabel);
}
