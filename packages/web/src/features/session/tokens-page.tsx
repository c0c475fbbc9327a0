import { Button, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createToken, revokeToken } from "../../api/commands.ts";
import { tokensQuery } from "../../api/queries.ts";
import type { ApiToken } from "../../api/shapes.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { ListTable } from "../../components/list-table.tsx";
import { messageOf } from "../../components/error-message.ts";
import { Page, Panel } from "../../components/page.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { useListTable, type ListColumn } from "../../components/use-list-table.ts";
import classes from "./tokens-page.module.css";

const columns: ListColumn<ApiToken>[] = [
  {
    id: "name",
    header: "Name",
    meta: { grows: true },
    cell: ({ row: { original: token } }) => token.name,
  },
  {
    id: "start",
    header: "Begins with",
    cell: ({ row: { original: token } }) => <span className="mono">{token.start}…</span>,
  },
  {
    id: "may",
    header: "May",
    cell: ({ row: { original: token } }) => (token.mayWrite ? "read and write" : "only read"),
  },
  {
    id: "created",
    header: "Created",
    cell: ({ row: { original: token } }) => <Time at={token.createdAt} />,
  },
  {
    id: "used",
    header: "Last used",
    cell: ({ row: { original: token } }) =>
      token.lastUsedAt === null ? (
        <span className="quiet">never</span>
      ) : (
        <Time at={token.lastUsedAt} />
      ),
  },
  {
    id: "expires",
    header: "Expires",
    cell: ({ row: { original: token } }) =>
      token.expiresAt === null ? (
        <span className="quiet">never</span>
      ) : (
        <Time at={token.expiresAt} />
      ),
  },
  {
    id: "revoke",
    header: "",
    cell: ({ row: { original: token } }) => <RevokeButton token={token} />,
  },
];

function rowKey(token: ApiToken): string {
  return token.id;
}

/** They all fit on one page. */
const tokenLimit = 1_000;

const lifetimes = [
  { value: "30", label: "in 30 days" },
  { value: "90", label: "in 90 days" },
  { value: "365", label: "in a year" },
  { value: "never", label: "never" },
];

const abilities = [
  { value: "write", label: "read and write" },
  { value: "read", label: "only read" },
];

export function TokensPage() {
  const tokens = useQuery({
    ...tokensQuery,
    select: ({ items }) => ({ items, total: items.length, limit: tokenLimit, offset: 0 }),
  });
  const table = useListTable({ columns, page: tokens.data, rowKey, pageSize: tokenLimit });
  return (
    <Page
      title="API tokens"
      lead={
        <>
          For scripts: send the header <code>Authorization: Token …</code> with a request.
        </>
      }
    >
      <div className={classes.sections}>
        <Panel title="New token">
          <NewToken />
        </Panel>
        <Panel title="Your tokens">
          <ListTable
            label="API tokens"
            table={table}
            query={tokens}
            empty={
              <EmptyState title="You have no API token">
                Make one above; it may do what you may do, or only read.
              </EmptyState>
            }
          />
        </Panel>
      </div>
    </Page>
  );
}

function NewToken() {
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: "", lifetime: "365", may: "write" },
    validate: { name: (name) => (name.trim() ? null : "Say what uses it") },
    transformValues: ({ name, lifetime, may }) => ({
      name,
      mayWrite: may === "write",
      expiresInDays: lifetime === "never" ? null : Number(lifetime),
    }),
  });
  const create = useMutation({
    mutationFn: createToken,
    onSuccess: async () => {
      form.reset();
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  return (
    <div className={classes.new}>
      <form
        onSubmit={form.onSubmit((values) => {
          create.mutate(values);
        })}
        noValidate
        className={classes.form}
      >
        <TextInput
          label="Name"
          description="What uses it, to recognise it later"
          required
          maxLength={100}
          {...form.getInputProps("name")}
        />
        <Select label="May" data={abilities} allowDeselect={false} {...form.getInputProps("may")} />
        <Select
          label="Expires"
          data={lifetimes}
          allowDeselect={false}
          {...form.getInputProps("lifetime")}
        />
        <Button type="submit" loading={create.isPending}>
          Make a token
        </Button>
      </form>
      {create.error && <ErrorState error={create.error} />}
      {create.data && (
        <div className={classes.key} role="status">
          <span>Copy the key now; it is not shown again.</span>
          <span className={classes.keyText}>
            <code>{create.data.key}</code>
            <CopyButton text={create.data.key} label="Copy the key" />
          </span>
        </div>
      )}
    </div>
  );
}

function RevokeButton({ token }: { token: ApiToken }) {
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
    onError: (error) => {
      notifications.show({ color: "red", title: "Not revoked", message: messageOf(error) });
    },
  });
  return (
    <Button
      size="xs"
      variant={isAsking ? "filled" : "default"}
      color="red"
      loading={revoke.isPending}
      aria-label={isAsking ? `Really revoke ${token.name}` : `Revoke ${token.name}`}
      onBlur={() => {
        setIsAsking(false);
      }}
      onClick={() => {
        if (isAsking) revoke.mutate();
        else setIsAsking(true);
      }}
    >
      {isAsking ? "Scripts using it will fail. Revoke" : "Revoke"}
    </Button>
  );
}
