import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { rerunJobResult } from "../api/commands.ts";
import { messageOf } from "./error-message.ts";

/** Runs a job again with what an earlier run of it was given, and goes to that run. */
export function RerunButton({ jobResultId, label }: { jobResultId: string; label: string }) {
  const navigate = useNavigate();
  const rerun = useMutation({
    mutationFn: () => rerunJobResult(jobResultId),
    onSuccess: (started) =>
      navigate({
        to: "/extras/job-results/$jobResultId/",
        params: { jobResultId: started.jobResultId },
      }),
    onError: (error) => {
      notifications.show({ color: "red", title: "Not started", message: messageOf(error) });
    },
  });
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerPlay size={15} stroke={1.8} aria-hidden />}
      loading={rerun.isPending}
      onClick={() => {
        rerun.mutate();
      }}
    >
      {label}
    </Button>
  );
}
