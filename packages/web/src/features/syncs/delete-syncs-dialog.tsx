import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteSyncs } from "../../api/commands.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { ErrorState } from "../../components/states.tsx";
import classes from "./apply-button.module.css";

interface DeleteSyncsDialogProps {
  isOpen: boolean;
  ids: readonly string[];
  onClose: () => void;
  /** Called once all that can go are gone. */
  onDeleted: () => void;
}

/** Says what goes with the records of syncs; several at once ask for their number. */
export function DeleteSyncsDialog(props: DeleteSyncsDialogProps) {
  const { isOpen, ids, onClose } = props;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<b>Delete {countOf(ids.length, "sync record")}?</b>}
    >
      <Content {...props} />
    </Modal>
  );
}

function Content({ ids, onClose, onDeleted }: DeleteSyncsDialogProps) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const isOne = ids.length === 1;
  const isSure = isOne || typed.trim() === String(ids.length);
  const remove = useMutation({
    mutationFn: () => deleteSyncs(ids),
    onSuccess: ({ deleted, kept }) => {
      void client.invalidateQueries({ queryKey: ["syncs"] });
      void client.invalidateQueries({ queryKey: ["dashboard"] });
      if (deleted > 0) {
        notifications.show({ message: `${countOf(deleted, "sync record")} deleted.` });
      }
      if (kept.length > 0) return;
      onClose();
      onDeleted();
    },
  });
  const kept = remove.data?.kept ?? [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isSure) remove.mutate();
      }}
    >
      <p className={classes.text}>
        {isOne ? "Its" : "Their"} differences, decisions, findings and logs are gone for good. What{" "}
        {isOne ? "it" : "they"} wrote stays, and can no longer be undone or resumed from here.
      </p>
      {!isOne && (
        <TextInput
          label={`Type ${ids.length} to delete them`}
          value={typed}
          inputMode="numeric"
          data-autofocus
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      )}
      {kept.length > 0 && (
        <p className={classes.text} role="alert">
          {formatCount(kept.length)} {kept.length === 1 ? "stays" : "stay"}: {kept[0]?.reason}
        </p>
      )}
      {remove.error && <ErrorState error={remove.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button
          type="submit"
          color="red.9"
          disabled={!isSure}
          loading={remove.isPending}
          data-autofocus={isOne || undefined}
        >
          Delete {countOf(ids.length, "sync record")}
        </Button>
      </div>
    </form>
  );
}
