import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { isHopeless } from "../../api/client.ts";
import { setUp } from "../../api/commands.ts";
import { sessionQuery, setupQuery } from "../../api/queries.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { ErrorState } from "../../components/states.tsx";
import { Entry } from "./entry.tsx";
import classes from "./entry.module.css";

const shortestPassword = 10;

export function SetupPage() {
  const { token } = useSearch({ from: "/setup" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const session = useQuery(sessionQuery);
  const link = useQuery(setupQuery(token ?? ""));
  const form = useForm({
    initialValues: { username: "admin", password: "" },
    validate: {
      username: (name) => (name.trim() ? null : "Choose a name"),
      password: (password) =>
        password.length < shortestPassword
          ? `Too short: at least ${shortestPassword} characters`
          : null,
    },
  });
  const setup = useMutation({
    mutationFn: (values: typeof form.values) => setUp({ token: token ?? "", ...values }),
    onSuccess: async (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: "/plugins/ssot/", replace: true });
    },
  });
  if (setup.isIdle && session.data && !session.data.needsSetup) {
    return (
      <Entry
        title="The link is used up"
        lead="It works once, and this installation has its first administrator."
      >
        <Button component="a" href="/">
          {session.data.user ? "Go to the dashboard" : "Sign in"}
        </Button>
      </Entry>
    );
  }
  if (!token) {
    return (
      <Entry
        title="The link is not complete"
        lead="Its part after “token=” is missing. Open the whole link that the console shows."
      />
    );
  }
  if (session.isPending || link.isPending) return <PageSkeleton />;
  if (setup.isIdle && link.error && !isHopeless(link.error)) {
    return (
      <Entry title="The link could not be checked">
        <ErrorState error={link.error} onRetry={() => void link.refetch()} />
      </Entry>
    );
  }
  if (setup.isIdle && link.data?.isGood !== true) {
    return (
      <Entry
        title="The link is not good"
        lead="A part of it is missing, or it is older than a day. Open the whole link that the console shows; if that does not help, start Plumbline again: the console then shows a new one."
      />
    );
  }
  return (
    <Entry
      title="Welcome to Plumbline"
      lead="Choose the name and password of the first administrator."
    >
      <form
        onSubmit={form.onSubmit((values) => {
          setup.mutate(values);
        })}
        noValidate
        className={classes.form}
      >
        <TextInput
          label="Username"
          autoComplete="username"
          required
          {...form.getInputProps("username")}
        />
        <PasswordInput
          label="Password"
          description={`At least ${shortestPassword} characters`}
          autoComplete="new-password"
          required
          autoFocus
          {...form.getInputProps("password")}
        />
        {setup.error && <ErrorState error={setup.error} />}
        <Button type="submit" loading={setup.isPending}>
          Make the administrator
        </Button>
      </form>
    </Entry>
  );
}
