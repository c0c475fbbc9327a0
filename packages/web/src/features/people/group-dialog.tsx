import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { AccountDialog } from "./account-dialog.tsx";
import type { Group } from "./accounts.ts";

interface GroupDialogProps {
  /** Null for a new one. */
  group: Group | null;
  onClose: () => void;
}

export function GroupDialog({ group, onClose }: GroupDialogProps) {
  const form = useForm({
    initialValues: { name: group?.name ?? "" },
    validate: { name: (name) => (name.trim() ? null : "Choose a name") },
  });
  return (
    <AccountDialog
      title={group === null ? "New group" : `Group ${group.name}`}
      restPath="users/groups"
      id={group?.id ?? null}
      canDelete
      body={() => form.values}
      check={() => !form.validate().hasErrors}
      onFaults={form.setErrors}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What is granted to a group is granted to each of its users"
        required
        data-autofocus
        {...form.getInputProps("name")}
      />
    </AccountDialog>
  );
}
