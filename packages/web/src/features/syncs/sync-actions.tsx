import { Button } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { SyncDetail } from "../../api/shapes.ts";
import { ExportMenu } from "../../components/export-menu.tsx";

export function SyncActions({ sync }: { sync: SyncDetail }) {
  const navigate = useNavigate();
  const jobResultId = sync.latestJobResultId;
  return (
    <>
      {jobResultId !== null && (
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
      <ExportMenu path={`/api/ssot/syncs/${sync.id}/changes`} query={{}} />
    </>
  );
}
