import { MultiSelect, PasswordInput, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { AccountDialog } from "./account-dialog.tsx";
import type { Group, User } from "./accounts.ts";

const leastPassword = 10;

interface UserDialogProps {
  /** Null for a new one. */
  user: User | null;
  groups: readonly Group[];
  onClose: () => void;
}

export function UserDialog({ user, groups, onClose }: UserDialogProps) {
  const form = useForm({
    initialValues: {
      username: user?.username ?? "",
      password: "",
      is_superuser: user?.is_superuser ?? false,
      is_active: user?.is_active ?? true,
      groups: (user?.groups ?? []).map(({ id }) => id),
    },
    validate: {
      username: (name) => (name.trim() ? null : "Choose a name"),
      password: (password) =>
        password.length >= leastPassword || (user !== null && password === "")
          ? null
          : `At least ${leastPassword} characters`,
    },
  });
  return (
    <AccountDialog
      title={user === null ? "New user" : `User ${user.username}`}
      restPath="users/users"
      id={user?.id ?? null}
      // Whose work is told by the name stays; who leaves is made inactive.
      canDelete={false}
      body={() => {
        const { password, ...values } = form.values;
        return { ...values, ...(password !== "" && { password }) };
      }}
      check={() => !form.validate().hasErrors}
      onFaults={form.setErrors}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description={user === null ? "To sign in with. It cannot be changed later" : undefined}
        required
        disabled={user !== null}
        data-autofocus
        autoComplete="off"
        {...form.getInputProps("username")}
      />
      <PasswordInput
        label={user === null ? "Password" : "New password"}
        description={
          user === null
            ? `At least ${leastPassword} characters. Tell it to the user; nobody can read it later`
            : "Left empty, the password stays. A new one signs the user out everywhere"
        }
        required={user === null}
        autoComplete="new-password"
        {...form.getInputProps("password")}
      />
      <Switch
        label="May do everything"
        description="A superuser: also lets others do things"
        {...form.getInputProps("is_superuser", { type: "checkbox" })}
      />
      {user !== null && (
        <Switch
          label="Active"
          description="Who is not cannot sign in, and the API tokens are good for nothing"
          {...form.getInputProps("is_active", { type: "checkbox" })}
        />
      )}
      <MultiSelect
        label="Groups"
        data={groups.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        {...form.getInputProps("groups")}
      />
    </AccountDialog>
  );
}
