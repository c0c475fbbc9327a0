import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconLock, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { isHopeless, isRefused } from "../api/client.ts";
import { isMissingPart, messageOf } from "./error-message.ts";
import { isUnreachable, useIsServerGone } from "./server-gone.ts";
import classes from "./states.module.css";

/** What would be here, and how to get it. */
export function EmptyState(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <p className={classes.title}>{props.title}</p>
      {props.children && <div className={classes.text}>{props.children}</div>}
      {props.action && <div className={classes.action}>{props.action}</div>}
    </div>
  );
}

/** What is not for who is signed in, with the reason: nothing has gone wrong. */
export function NotAllowed({ children }: { children: ReactNode }) {
  return (
    <div className={classes.empty}>
      <IconLock size={22} stroke={1.6} aria-hidden className={classes.lock} />
      <p className={classes.title}>You have no permission for this</p>
      <div className={classes.text}>{children}</div>
    </div>
  );
}

/** @param onRetry reads again what could not be read */
export function ErrorState(props: { error: unknown; onRetry?: () => void }) {
  const isServerGone = useIsServerGone();
  if (isServerGone && isUnreachable(props.error)) {
    return <p className={classes.waiting}>This is read again once the server answers.</p>;
  }
  if (props.onRetry && isRefused(props.error)) {
    return <NotAllowed>{messageOf(props.error)}</NotAllowed>;
  }
  return (
    <div className={classes.error} role="alert">
      <IconAlertTriangle size={20} stroke={1.7} aria-hidden />
      <p>
        {isServerGone && isMissingPart(props.error)
          ? "A part of this page did not arrive."
          : messageOf(props.error)}
      </p>
      {props.onRetry && !isHopeless(props.error) && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={props.onRetry}
        >
          Try again
        </Button>
      )}
    </div>
  );
}

export function LinesSkeleton({ lines = 5, height = 18 }: { lines?: number; height?: number }) {
  return (
    <div className={classes.lines} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={height} width={`${95 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  );
}
