import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { signIn } from "../../api/commands.ts";
import { sessionQuery } from "../../api/queries.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { ErrorState } from "../../components/states.tsx";
import { Entry } from "./entry.tsx";
import classes from "./entry.module.css";

export function LoginPage() {
  const { from } = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  const isSignedIn = Boolean(session.data?.user);
  useEffect(() => {
    if (isSignedIn) void navigate({ href: safePath(from), replace: true });
  }, [isSignedIn, from, navigate]);
  if (session.isPending || isSignedIn) return <PageSkeleton />;
  if (session.data?.needsSetup) {
    return (
      <Entry
        title="Almost there"
        lead="This installation has no user yet. The console where Plumbline started shows a link that makes the first administrator; open it, once, within its time."
      />
    );
  }
  return <LoginForm />;
}

function LoginForm() {
  const client = useQueryClient();
  const form = useForm({ initialValues: { username: "", password: "" } });
  const login = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
    },
  });
  return (
    <Entry title="Sign in">
      <form
        onSubmit={form.onSubmit((values) => {
          login.mutate(values);
        })}
        className={classes.form}
      >
        <TextInput
          label="Username"
          autoComplete="username"
          autoFocus
          {...form.getInputProps("username")}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          {...form.getInputProps("password")}
        />
        {login.error && <ErrorState error={login.error} />}
        <Button type="submit" loading={login.isPending}>
          Sign in
        </Button>
      </form>
    </Entry>
  );
}

/** A path of this site: an address from a link must not lead elsewhere. */
function safePath(from: string | undefined): string {
  const isPath = from?.startsWith("/") && !from.startsWith("//") && !from.includes("\\");
  return from && isPath && !from.startsWith("/login") ? from : "/plugins/ssot/";
}
