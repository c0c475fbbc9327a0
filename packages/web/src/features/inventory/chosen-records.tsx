import { Button, type ButtonProps, Modal, MultiSelect } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { ApiError, refusedFields } from "../../api/client.ts";
import { updateRecords } from "../../api/commands.ts";
import type { InventoryRow, ModelManifest } from "../../api/shapes.ts";
import { ChosenBar } from "../../components/chosen-bar.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { ErrorState } from "../../components/states.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { FieldInput } from "./field-input.tsx";
import { bodyOf, emptyValues, faultsIn, type FormValues, writableFields } from "./record-values.ts";
import classes from "./record-form.module.css";

interface ChosenProps {
  models: Models;
  model: ModelManifest;
  records: readonly InventoryRow[];
  onDone: () => void;
}

/** What can be done with the chosen rows of a list. */
export function ChosenRecords({ models, model, records, onDone }: ChosenProps) {
  const [isEditing, editing] = useDisclosure(false);
  const [isDeleting, deleting] = useDisclosure(false);
  const ids = records.map(({ id }) => id);
  return (
    <ChosenBar count={ids.length} onNone={onDone}>
      <ActButton action="change" records={records} onClick={editing.open}>
        Edit
      </ActButton>
      <ActButton action="delete" records={records} c="var(--delete)" onClick={deleting.open}>
        Delete
      </ActButton>
      <Modal
        opened={isEditing}
        onClose={editing.close}
        size="lg"
        title={`Edit ${countOf(ids.length, model.label, model.pluralLabel)}`}
      >
        <BulkEdit
          models={models}
          model={model}
          ids={ids}
          onDone={() => {
            editing.close();
            onDone();
          }}
        />
      </Modal>
      <DeleteDialog
        isOpen={isDeleting}
        model={model}
        ids={ids}
        onClose={deleting.close}
        onDeleted={onDone}
      />
    </ChosenBar>
  );
}

interface ActButtonProps extends Pick<ButtonProps, "c"> {
  action: InventoryRow["may"][number];
  records: readonly InventoryRow[];
  children: ReactNode;
  onClick: () => void;
}

/** For all of the chosen rows or none: not there where it is allowed on none, and says why where it is on some. */
function ActButton({ action, records, ...button }: ActButtonProps) {
  const allowed = records.filter(({ may }) => may.includes(action)).length;
  if (allowed === 0) return null;
  const left = records.length - allowed;
  return (
    <Button
      size="compact-sm"
      variant="default"
      disabled={left > 0}
      title={left > 0 ? `You may not ${action} ${formatCount(left)} of these` : undefined}
      {...button}
    />
  );
}

interface BulkEditProps {
  models: Models;
  model: ModelManifest;
  ids: readonly string[];
  onDone: () => void;
}

function BulkEdit({ models, model, ids, onDone }: BulkEditProps) {
  const client = useQueryClient();
  const fields = writableFields(model).filter(({ isKey }) => !isKey || ids.length === 1);
  const [names, setNames] = useState<string[]>([]);
  const [values, setValues] = useState<FormValues>(() => emptyValues(fields));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const changed = fields.filter(({ name }) => names.includes(name));
  const places = Object.keys(faults);
  const isPlaced = places.length > 0 && places.every((name) => names.includes(name));
  const update = useMutation({
    mutationFn: () => updateRecords(model.restPath ?? "", ids, bodyOf(changed, values, null)),
    onError: (error) => {
      if (error instanceof ApiError) {
        setFaults(refusedFields(error));
      }
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["inventory"] });
      notifications.show({
        message: `${countOf(ids.length, model.label, model.pluralLabel)} changed.`,
      });
      onDone();
    },
  });
  return (
    <form
      noValidate
      className={classes.fields}
      onSubmit={(event) => {
        event.preventDefault();
        const missing = faultsIn(changed, values);
        setFaults(missing);
        if (Object.keys(missing).length === 0) update.mutate();
      }}
    >
      <MultiSelect
        label="Fields to change"
        description="Each gets the same value in all of them; the other fields stay as they are."
        data={fields.map(({ name, label }) => ({ value: name, label }))}
        value={names}
        onChange={setNames}
        searchable
        data-autofocus
      />
      {changed.map((field) => (
        <FieldInput
          key={field.name}
          models={models}
          model={model}
          field={field}
          value={values[field.name] ?? null}
          error={faults[field.name]}
          onChange={(value) => {
            setValues({ ...values, [field.name]: value });
          }}
        />
      ))}
      {update.error && !isPlaced && <ErrorState error={update.error} />}
      <div className={classes.buttons}>
        <Button type="submit" disabled={names.length === 0} loading={update.isPending}>
          Change {countOf(ids.length, model.label, model.pluralLabel)}
        </Button>
      </div>
    </form>
  );
}
