import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { refusedFields } from "../../api/client.ts";
import { createRecord, deleteRecords, updateRecord } from "../../api/commands.ts";
import { ErrorState } from "../../components/states.tsx";
import classes from "./people.module.css";

interface AccountDialogProps {
  /** "User grace", "New user". */
  title: string;
  /** "users/users" */
  restPath: string;
  /** Null for a new one. */
  id: string | null;
  /** What is sent. */
  body: () => Readonly<Record<string, unknown>>;
  /** Whether it can be sent; says what is missing otherwise. */
  check: () => boolean;
  /** What the server says is wrong, by member. */
  onFaults: (faults: Readonly<Record<string, string>>) => void;
  canDelete: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A form about one user, group or permission: made, changed or deleted. */
export function AccountDialog(props: AccountDialogProps) {
  const { title, restPath, id, body, check, onFaults, canDelete, onClose, children } = props;
  const client = useQueryClient();
  const [isSure, setIsSure] = useState(false);
  const done = async (message: string) => {
    notifications.show({ message });
    onClose();
    await client.invalidateQueries({ queryKey: ["people"] });
  };
  const save = useMutation({
    mutationFn: () =>
      id === null ? createRecord(restPath, body()) : updateRecord(restPath, id, body()),
    onSuccess: () => done(`${title} saved.`),
    onError: (error) => {
      onFaults(refusedFields(error));
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteRecords(restPath, id === null ? [] : [id]),
    onSuccess: () => done(`${title} deleted.`),
  });
  const error = save.error ?? remove.error;
  const isPlaced = Object.keys(refusedFields(error)).length > 0;
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form
        noValidate
        className={classes.fields}
        onSubmit={(event) => {
          event.preventDefault();
          if (check()) save.mutate();
        }}
      >
        {children}
        {error && !isPlaced && <ErrorState error={error} />}
        <div className={classes.buttons}>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {canDelete && id !== null && (
            <Button
              className={classes.delete ?? ""}
              color="red.9"
              variant={isSure ? "filled" : "subtle"}
              loading={remove.isPending}
              onBlur={() => {
                setIsSure(false);
              }}
              onClick={() => {
                if (isSure) remove.mutate();
                else setIsSure(true);
              }}
            >
              {isSure ? "Really delete" : "Delete"}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}
