import { Checkbox, JsonInput, MultiSelect, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useModels } from "../../api/use-models.ts";
import { AccountDialog } from "./account-dialog.tsx";
import type { Group, Permission, User } from "./accounts.ts";
import classes from "./people.module.css";
import { objectTypeChoices } from "./object-type-choices.ts";

const actions = [
  { value: "view", label: "View" },
  { value: "add", label: "Add" },
  { value: "change", label: "Change" },
  { value: "delete", label: "Delete" },
  { value: "run", label: "Run jobs" },
];

interface PermissionDialogProps {
  /** Null for a new one. */
  permission: Permission | null;
  users: readonly User[];
  groups: readonly Group[];
  onClose: () => void;
}

export function PermissionDialog({ permission, users, groups, onClose }: PermissionDialogProps) {
  const models = useModels();
  const { constraints = null } = permission ?? {};
  const form = useForm({
    initialValues: {
      name: permission?.name ?? "",
      enabled: permission?.enabled ?? true,
      users: (permission?.users ?? []).map(({ id }) => id),
      groups: (permission?.groups ?? []).map(({ id }) => id),
      object_types: [...(permission?.object_types ?? [])],
      actions: [...(permission?.actions ?? ["view"])],
      constraints: constraints === null ? "" : JSON.stringify(constraints, null, 2),
    },
    validate: {
      name: (name) => (name.trim() ? null : "Say what it is for"),
      object_types: (types) => (types.length > 0 ? null : "Choose at least one"),
      actions: (chosen) => (chosen.length > 0 ? null : "Choose at least one"),
      constraints: (text) => (text.trim() === "" || isJson(text) ? null : "This is not JSON"),
    },
  });
  return (
    <AccountDialog
      title={permission === null ? "New permission" : `Permission ${permission.name}`}
      restPath="users/permissions"
      id={permission?.id ?? null}
      canDelete
      body={() => {
        const text = form.values.constraints.trim();
        return { ...form.values, constraints: text === "" ? null : (JSON.parse(text) as unknown) };
      }}
      check={() => !form.validate().hasErrors}
      onFaults={form.setErrors}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What it is for: Berlin is Grace's"
        required
        data-autofocus
        {...form.getInputProps("name")}
      />
      <div className={classes.pair}>
        <MultiSelect
          label="Users"
          data={users.map(({ id, username }) => ({ value: id, label: username }))}
          searchable
          {...form.getInputProps("users")}
        />
        <MultiSelect
          label="Groups"
          data={groups.map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          {...form.getInputProps("groups")}
        />
      </div>
      <Checkbox.Group label="May" required {...form.getInputProps("actions")}>
        <div className={classes.choices}>
          {actions.map(({ value, label }) => (
            <Checkbox key={value} value={value} label={label} />
          ))}
        </div>
      </Checkbox.Group>
      <MultiSelect
        label="Objects of"
        required
        searchable
        data={objectTypeChoices(models, form.values.object_types)}
        {...form.getInputProps("object_types")}
      />
      <JsonInput
        label="Only those that meet"
        description={
          <>
            Nothing for all of them. As <code>{'{"location__name": "Berlin"}'}</code>; in a list of
            such, one is enough
          </>
        }
        autosize
        minRows={2}
        validationError="This is not JSON"
        spellCheck={false}
        {...form.getInputProps("constraints")}
      />
      <Switch
        label="In force"
        description="Switched off, it grants nothing"
        {...form.getInputProps("enabled", { type: "checkbox" })}
      />
    </AccountDialog>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
