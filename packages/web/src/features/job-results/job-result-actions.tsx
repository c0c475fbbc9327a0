import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconFileDiff, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { cancelJobResult } from "../../api/commands.ts";
import { jobResultQuery } from "../../api/queries.ts";
import type { JobResultDetail } from "../../api/shapes.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { isFinal } from "../../components/badges.tsx";
import { messageOf } from "../../components/error-message.ts";
import { RerunButton } from "../../components/rerun-button.tsx";

export function JobResultActions({ result }: { result: JobResultDetail }) {
  const navigate = useNavigate();
  const may = useMay();
  const mayRun = may(objectTypes.job, "run");
  const isRunning = !isFinal(result.status);
  return (
    <>
      {isRunning && mayRun && <CancelButton result={result} />}
      {!isRunning && mayRun && result.kind === "run" && (
        <RerunButton jobResultId={result.id} label={rerunLabel(result)} />
      )}
      {may(objectTypes.sync, "view") && (
        <Button
          variant={isRunning ? "default" : "filled"}
          leftSection={<IconFileDiff size={16} stroke={1.8} aria-hidden />}
          onClick={() =>
            void navigate({
              to: "/plugins/ssot/history/$syncId/",
              params: { syncId: result.syncId },
            })
          }
        >
          {result.direction === "comparison" ? "Comparison details" : "SSoT Sync Details"}
        </Button>
      )}
    </>
  );
}

function rerunLabel({ direction, isDryRun }: JobResultDetail): string {
  if (direction === "comparison") return "Compare again";
  return isDryRun ? "Run again (dry run)" : "Run again";
}

function CancelButton({ result }: { result: JobResultDetail }) {
  const [isOpen, dialog] = useDisclosure(false);
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelJobResult(result.id),
    onSuccess: () => client.invalidateQueries({ queryKey: jobResultQuery(result.id).queryKey }),
    onError: (error) => {
      notifications.show({ color: "red", title: "Not cancelled", message: messageOf(error) });
    },
    onSettled: dialog.close,
  });
  return (
    <>
      <Button
        variant="default"
        color="red"
        leftSection={<IconPlayerStop size={15} stroke={1.8} aria-hidden />}
        disabled={result.isCancelRequested}
        onClick={dialog.open}
      >
        {result.isCancelRequested ? "Cancelling…" : "Cancel"}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={<b>Cancel this run?</b>}>
        <p style={{ marginTop: 0 }}>
          {result.isDryRun
            ? "Nothing has been written, and nothing will be."
            : "Writing stops within seconds. What was applied until then stays, and the record names it."}
        </p>
        <div style={{ display: "flex", justifyContent: "flex-end", gap: 8 }}>
          <Button variant="default" onClick={dialog.close}>
            Let it run
          </Button>
          <Button
            color="red"
            loading={cancel.isPending}
            onClick={() => {
              cancel.mutate();
            }}
          >
            Cancel the run
          </Button>
        </div>
      </Modal>
    </>
  );
}
