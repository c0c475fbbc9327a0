import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconHistory, IconPlayerTrackNext, IconRepeat } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { resumeSync, retrySync, rollBackSync, undoSync } from "../../api/commands.ts";
import type { SyncDetail } from "../../api/shapes.ts";
import { ErrorState } from "../../components/states.tsx";
import classes from "./apply-button.module.css";

const ways = {
  resume: {
    label: "Resume",
    Icon: IconPlayerTrackNext,
    start: resumeSync,
    text: "What a run that ended early did not try of this plan is applied now: exactly its changes. What was applied is not applied again, and an object that changed since is left as it is and named.",
  },
  retry: {
    label: "Retry failed",
    Icon: IconRepeat,
    start: retrySync,
    text: "What failed of this plan, and what was skipped because of it, is tried again. Nothing else is written.",
  },
  undo: {
    label: "Undo",
    Icon: IconArrowBackUp,
    start: undoSync,
    text: "Plans the way back from what this sync applied, as a record of its own: look at it there, and apply it. Nothing is written until then. What somebody changed since is held there and named.",
  },
  rollback: {
    label: "Roll back",
    Icon: IconHistory,
    start: rollBackSync,
    text: "What this sync applied is taken back now: what it made is deleted, what it changed gets its former values, what it deleted comes back. What somebody changed since is left as it is and named.",
  },
} as const;

/** How a run ends that did not do all it was to do. */
const cutShort: readonly SyncDetail["status"][] = ["lost", "failed", "cancelled", "partial"];

/** What can be done with a plan of which some was applied; nothing where nothing can. */
export function CarryOnButtons({ sync }: { sync: SyncDetail }) {
  return (
    <>
      {sync.possible.undo.allowed && <CarryOnButton sync={sync} way="undo" />}
      {sync.possible.rollback.allowed && cutShort.includes(sync.status) && (
        <CarryOnButton sync={sync} way="rollback" />
      )}
      {sync.possible.resume.allowed && <CarryOnButton sync={sync} way="resume" />}
      {sync.possible.retry.allowed && <CarryOnButton sync={sync} way="retry" />}
    </>
  );
}

function CarryOnButton({ sync, way }: { sync: SyncDetail; way: keyof typeof ways }) {
  const { label, Icon, start, text } = ways[way];
  const [isOpen, dialog] = useDisclosure(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const carryOn = useMutation({
    mutationFn: () => start(sync.id),
    onSuccess: async ({ jobResultId }) => {
      await client.invalidateQueries({ queryKey: ["sync", sync.id] });
      await navigate({ to: "/extras/job-results/$jobResultId/", params: { jobResultId } });
    },
  });
  return (
    <>
      <Button
        leftSection={<Icon size={15} stroke={2} aria-hidden />}
        variant={way === "resume" ? "filled" : "default"}
        onClick={dialog.open}
      >
        {label}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={<b>{label}</b>}>
        <p className={classes.text}>{text}</p>
        {carryOn.error && <ErrorState error={carryOn.error} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={dialog.close}>
            Not now
          </Button>
          <Button
            loading={carryOn.isPending}
            onClick={() => {
              carryOn.mutate();
            }}
            data-autofocus
          >
            {label}
          </Button>
        </div>
      </Modal>
    </>
  );
}
