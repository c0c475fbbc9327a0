import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteRecords } from "../../api/commands.ts";
import { relatedQuery } from "../../api/queries.ts";
import type { ModelManifest } from "../../api/shapes.ts";
import { useModels } from "../../api/use-models.ts";
import { countOf } from "../../components/format.ts";
import { ErrorState } from "../../components/states.tsx";
import { RelatedLinks } from "./related-links.tsx";
import classes from "./record-form.module.css";

interface DeleteDialogProps {
  isOpen: boolean;
  model: ModelManifest;
  ids: readonly string[];
  /** What a single one is called. */
  label?: string;
  onClose: () => void;
  onDeleted: () => void;
}

/** Says what is deleted and what uses it; several at once ask for their number. */
export function DeleteDialog(props: DeleteDialogProps) {
  const { isOpen, model, ids, label, onClose } = props;
  const what =
    label === undefined
      ? countOf(ids.length, model.label, model.pluralLabel)
      : `${model.label} ${label}`;
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Delete ${what}?`} size="lg">
      <Content {...props} what={what} />
    </Modal>
  );
}

function Content(props: DeleteDialogProps & { what: string }) {
  const { model, ids, what, onClose, onDeleted } = props;
  const client = useQueryClient();
  const models = useModels();
  const [typed, setTyped] = useState("");
  const related = useQuery(relatedQuery(model.plural, ids));
  const remove = useMutation({
    mutationFn: () => deleteRecords(model.restPath ?? "", ids),
    onSuccess: () => {
      notifications.show({ message: `${what} deleted.` });
      onClose();
      onDeleted();
      void client.invalidateQueries({ queryKey: ["inventory"] });
    },
  });
  const uses = related.data ?? [];
  const isOne = ids.length === 1;
  const isSure = isOne || typed.trim() === String(ids.length);
  return (
    <form
      noValidate
      className={classes.fields}
      onSubmit={(event) => {
        event.preventDefault();
        if (isSure) remove.mutate();
      }}
    >
      <p className={classes.text}>
        {isOne
          ? "It is taken out of the hub for good; its change history stays. A sync whose source still has it creates it again."
          : "All of them are taken out of the hub for good, or none; their change history stays. A sync whose source still has one creates it again."}
      </p>
      {uses.length > 0 && (
        <div>
          <p className={classes.text}>
            These refer to {isOne ? "it" : "them"}. Where they need {isOne ? "it" : "one of them"},
            the delete is refused until they are changed or deleted:
          </p>
          <RelatedLinks models={models} related={uses} ids={ids} />
        </div>
      )}
      {ids.length > 1 && (
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
      {remove.error && <ErrorState error={remove.error} />}
      <div className={classes.buttons}>
        <Button type="submit" color="red.9" disabled={!isSure} loading={remove.isPending}>
          Delete {what}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
