import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ApiError, refusedFields } from "../../api/client.ts";
import type { RecordBody, WrittenRecord } from "../../api/commands.ts";
import type { FieldManifest, ModelManifest } from "../../api/shapes.ts";
import { modelsQuery } from "../../api/queries.ts";
import { useModels } from "../../api/use-models.ts";
import { customGroups, isCustomField } from "../../components/custom-field.ts";
import { Panel } from "../../components/page.tsx";
import { ErrorState } from "../../components/states.tsx";
import { FieldInput } from "./field-input.tsx";
import { bodyOf, faultsIn, type FormValues } from "./record-values.ts";
import classes from "./record-form.module.css";

interface RecordFormProps {
  model: ModelManifest;
  fields: readonly FieldManifest[];
  /** What the record has now; of a new one nothing. */
  stored: FormValues;
  /** What the controls begin with. */
  initial: FormValues;
  submitLabel: string;
  write: (body: RecordBody) => Promise<WrittenRecord>;
  onWritten: (record: WrittenRecord) => void;
  onCancel: () => void;
}

/** The fields of a record, those that are asked for first. */
export function RecordForm(props: RecordFormProps) {
  const { model, fields, stored, initial, submitLabel, write, onWritten, onCancel } = props;
  const client = useQueryClient();
  const models = useModels();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(initial);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const save = useMutation({
    mutationFn: () => write(bodyOf(fields, values, stored)),
    onError: (error) => {
      if (error instanceof ApiError) refuse(refusedFields(error));
    },
    onSuccess: async (record) => {
      await client.invalidateQueries({ queryKey: ["inventory"] });
      // A custom field is part of its models.
      if (/^custom_field/.test(model.name)) await client.invalidateQueries(modelsQuery);
      onWritten(record);
    },
  });

  function refuse(found: Record<string, string>) {
    setFaults(found);
    const first = fields.find(({ name }) => found[name] !== undefined);
    if (!first) return;
    form.current?.querySelector<HTMLElement>(`[data-path="${first.name}"]`)?.focus();
  }

  const isAsked = (field: FieldManifest) => field.isKey || field.isRequired;
  const own = fields.filter((field) => !isCustomField(field));
  const groups = [
    { title: model.label, members: own.filter(isAsked) },
    { title: "More", members: own.filter((field) => !isAsked(field)) },
    ...customGroups(fields.filter(isCustomField)).map(({ title, fields: members }) => ({
      ...{ title, members },
    })),
  ];
  const isPlaced = Object.keys(faults).every((name) => fields.some((each) => each.name === name));
  return (
    <form
      ref={form}
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const missing = faultsIn(fields, values);
        refuse(missing);
        if (Object.keys(missing).length === 0) save.mutate();
      }}
    >
      {groups
        .filter(({ members }) => members.length > 0)
        .map(({ title, members }) => (
          <Panel key={title} title={title}>
            <div className={classes.grid}>
              {members.map((field) => (
                <FieldInput
                  key={field.name}
                  models={models}
                  model={model}
                  field={field}
                  value={values[field.name] ?? null}
                  error={faults[field.name]}
                  onChange={(value) => {
                    setValues((before) => ({ ...before, [field.name]: value }));
                  }}
                />
              ))}
            </div>
          </Panel>
        ))}
      {save.error && (!isPlaced || Object.keys(faults).length === 0) && (
        <ErrorState error={save.error} />
      )}
      <div className={classes.buttons}>
        <Button type="submit" size="md" loading={save.isPending}>
          {submitLabel}
        </Button>
        <Button variant="default" size="md" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
