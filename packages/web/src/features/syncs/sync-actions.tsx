import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconListDetails, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { SyncDetail } from "../../api/shapes.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { isFinal } from "../../components/badges.tsx";
import { RerunButton } from "../../components/rerun-button.tsx";
import { DeleteSyncsDialog } from "./delete-syncs-dialog.tsx";

export function SyncActions({ sync }: { sync: SyncDetail }) {
  const [isDeleting, deleting] = useDisclosure(false);
  const navigate = useNavigate();
  const may = useMay();
  const jobResultId = sync.latestJobResultId;
  const canPlanAgain =
    isFinal(sync.status) &&
    sync.isDryRun &&
    sync.undoOf === null &&
    may(objectTypes.job, "run") &&
    may(objectTypes.jobResult, "view");
  return (
    <>
      {jobResultId !== null && may(objectTypes.jobResult, "view") && (
        <Button
          variant="default"
          leftSection={<IconListDetails size={15} stroke={1.7} aria-hidden />}
          onClick={() =>
            void navigate({ to: "/extras/job-results/$jobResultId/", params: { jobResultId } })
          }
        >
          Job result
        </Button>
      )}
      {jobResultId !== null && canPlanAgain && (
        <RerunButton
          jobResultId={jobResultId}
          label={sync.direction === "comparison" ? "Compare again" : "Plan again"}
        />
      )}
      {isFinal(sync.status) && may(objectTypes.sync, "delete") && (
        <>
          <Button
            variant="default"
            c="var(--delete)"
            leftSection={<IconTrash size={15} stroke={1.7} aria-hidden />}
            onClick={deleting.open}
          >
            Delete…
          </Button>
          <DeleteSyncsDialog
            isOpen={isDeleting}
            ids={[sync.id]}
            onClose={deleting.close}
            onDeleted={() => void navigate({ to: "/plugins/ssot/history/" })}
          />
        </>
      )}
    </>
  );
}
