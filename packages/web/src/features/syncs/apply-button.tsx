import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { applySync } from "../../api/commands.ts";
import type { SyncDetail } from "../../api/shapes.ts";
import { ActionSign, isFinal } from "../../components/badges.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { ErrorState } from "../../components/states.tsx";
import classes from "./apply-button.module.css";

/**
 * Applies a dry run's plan, after saying what that does.
 * @param of How many changes are planned, where the button should say it.
 */
export function ApplyButton({ sync, of }: { sync: SyncDetail; of?: number }) {
  const [isOpen, dialog] = useDisclosure(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const apply = useMutation({
    mutationFn: (approval: Parameters<typeof applySync>[1]) => applySync(sync.id, approval),
    onSuccess: async ({ jobResultId }) => {
      await client.invalidateQueries({ queryKey: ["sync", sync.id] });
      await navigate({ to: "/extras/job-results/$jobResultId/", params: { jobResultId } });
    },
  });
  const { planDigest, decisionsRevision } = sync;
  if (sync.direction === "comparison" || planDigest === null) return null;
  if (!sync.isDryRun || !isFinal(sync.status) || sync.counts.applied > 0) return null;
  const { allowed, count, reason } = sync.possible.apply;
  if (!allowed && count === 0 && sync.counts.held + sync.counts.rejected === 0) return null;
  return (
    <>
      <Button
        leftSection={<IconPlayerPlay size={15} stroke={2} aria-hidden />}
        disabled={!allowed}
        title={reason ?? undefined}
        onClick={dialog.open}
      >
        {count > 0 ? `Apply ${formatCount(count)}` : "Apply"}
        {of !== undefined && of > count && ` of ${formatCount(of)}`}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={
          <b>
            Apply {countOf(count, "change")} to {sync.targetName}
          </b>
        }
      >
        <Consequence sync={sync} />
        {apply.error && <ErrorState error={apply.error} />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={dialog.close}>
            Not now
          </Button>
          <Button
            loading={apply.isPending}
            onClick={() => {
              apply.mutate({ planDigest, decisionsRevision });
            }}
            data-autofocus
          >
            Apply {countOf(count, "change")}
          </Button>
        </div>
      </Modal>
    </>
  );
}

function Consequence({ sync }: { sync: SyncDetail }) {
  const { untried, refused } = sync.rehearsal ?? { untried: 0, refused: 0 };
  const { create, update, delete: removed, held, rejected } = sync.counts;
  const planned = [
    { action: "create" as const, count: create },
    { action: "update" as const, count: update },
    { action: "delete" as const, count: removed },
  ].filter((line) => line.count > 0);
  return (
    <>
      <p className={classes.text}>
        Exactly what this record plans is written.{" "}
        {sync.direction === "source"
          ? "If a touched object has changed since the dry run, nothing is written and the record says so."
          : "An object that has changed since the dry run is not written over: the whole plan is refused, or, where the target takes one object at a time, that one alone; the record says so."}
      </p>
      <ul className={classes.list}>
        {planned.map((line) => (
          <li key={line.action}>
            <ActionSign action={line.action} /> {countOf(line.count, "object")} to {line.action}
          </li>
        ))}
      </ul>
      {held > 0 && (
        <p className={classes.text}>
          Of these, {countOf(held, "change")} {held === 1 ? "is" : "are"} held and will not be
          applied.
        </p>
      )}
      {rejected > 0 && (
        <p className={classes.text}>
          {countOf(rejected, "change")} {rejected === 1 ? "was" : "were"} rejected and will not be
          applied either.
        </p>
      )}
      {refused > 0 && (
        <p className={classes.text}>
          {countOf(refused, "change")} would fail: the hub refused {refused === 1 ? "it" : "them"}{" "}
          as the plan was rehearsed, and the plan says why. The rest is applied.
        </p>
      )}
      {untried > 0 && (
        <p className={classes.text}>
          On {countOf(untried, "change")} that {untried === 1 ? "was" : "were"} let through the
          hub's rules have not been tried, because more were held than a rehearsal tries. What the
          hub refuses fails by itself, with the reason; the rest is applied.
        </p>
      )}
    </>
  );
}
