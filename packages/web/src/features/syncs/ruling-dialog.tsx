import { Button, Modal, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { consequencesQuery } from "../../api/queries.ts";
import type { Ruling, SyncDetail } from "../../api/shapes.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { ErrorState, LinesSkeleton } from "../../components/states.tsx";
import { verdictWords, type Review } from "./review.ts";
import classes from "./apply-button.module.css";

/** More released changes than this ask for their number to be typed. */
const mostUntyped = 10;

interface RulingDialogProps {
  sync: SyncDetail;
  /** What is asked; null: nothing, the dialog is closed. */
  ruling: Ruling | null;
  review: Review;
  onClose: () => void;
}

/** Says what a ruling takes with it before it is made. */
export function RulingDialog({ sync, ruling, review, onClose }: RulingDialogProps) {
  return (
    <Modal
      opened={ruling !== null}
      onClose={onClose}
      title={<b>{ruling === null ? "" : `${verdictWords[ruling.verdict].verb} changes`}</b>}
    >
      {ruling !== null && <Content sync={sync} ruling={ruling} review={review} onClose={onClose} />}
    </Modal>
  );
}

function Content({ sync, ruling, review, onClose }: RulingDialogProps & { ruling: Ruling }) {
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const foreseen = useQuery(consequencesQuery(sync.id, sync.decisionsRevision, ruling));
  const { verb, done } = verdictWords[ruling.verdict];
  if (foreseen.isPending) return <LinesSkeleton lines={4} />;
  if (!foreseen.data) {
    return <ErrorState error={foreseen.error} onRetry={() => void foreseen.refetch()} />;
  }
  const { decided, held, freed, labels, refused, sentence } = foreseen.data;
  const others = [...held, ...freed].reduce((sum, group) => sum + group.count, 0);
  const asksNumber = ruling.verdict === "release" && decided > mostUntyped;
  const isSure = !asksNumber || typed.trim() === String(decided);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSure || decided === 0) return;
        review.rule({ ...ruling, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) });
        onClose();
      }}
    >
      <p className={classes.text}>
        {decided === 0
          ? `None of these changes can be ${done}.`
          : `${countOf(decided, "change")} will be ${done}. ${sentence}`}
      </p>
      {labels.length > 0 && (
        <p className={classes.text}>
          Affected besides: {labels.join(", ")}
          {others > labels.length && ` and ${formatCount(others - labels.length)} more`}.
        </p>
      )}
      {refused.map((refusal) => (
        <p className={classes.text} key={refusal.guard}>
          <b>
            {countOf(refusal.count, "change")} {refusal.count === 1 ? "stays" : "stay"} held.
          </b>{" "}
          {refusal.reason}
        </p>
      ))}
      {decided > 0 && (
        <TextInput
          label="Reason"
          description="Kept with the decision, for those who come after you."
          value={reason}
          data-autofocus={!asksNumber || undefined}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
      )}
      {asksNumber && (
        <TextInput
          mt="sm"
          label={`Type ${String(decided)} to release them`}
          value={typed}
          inputMode="numeric"
          data-autofocus
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        {decided > 0 && (
          <Button type="submit" disabled={!isSure}>
            {verb} {countOf(decided, "change")}
          </Button>
        )}
      </div>
    </form>
  );
}
