import { Link, type LinkProps } from "@tanstack/react-router";
import { isHopeless, isRefused } from "../api/client.ts";
import { messageOf } from "./error-message.ts";
import { Page, Panel } from "./page.tsx";
import { RefusedPage } from "./refused-page.tsx";
import { EmptyState, ErrorState } from "./states.tsx";

interface PageErrorProps {
  /** Of the page: "Job result". */
  title: string;
  /** What the page is of, as in "There is no job result with this id". */
  thing: string;
  id: string;
  error: unknown;
  onRetry: () => void;
  /** Where those there are can be found. */
  list: { label: string; to: LinkProps["to"]; params?: Record<string, string> };
}

/** A page of one thing that cannot be shown: it is not there, or could not be read. */
export function PageError({ title, thing, id, error, onRetry, list }: PageErrorProps) {
  if (isRefused(error)) return <RefusedPage title={title}>{messageOf(error)}</RefusedPage>;
  if (!isHopeless(error)) {
    return (
      <Page title={title}>
        <ErrorState error={error} onRetry={onRetry} />
      </Page>
    );
  }
  return (
    <Page title={title}>
      <Panel>
        <EmptyState
          title={`There is no ${thing} “${id}”`}
          action={
            <Link to={list.to} params={list.params}>
              {list.label}
            </Link>
          }
        >
          The link may be old, or a part of it is missing.
        </EmptyState>
      </Panel>
    </Page>
  );
}
