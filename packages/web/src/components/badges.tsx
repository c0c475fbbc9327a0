import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconEqual,
  IconFileDiff,
  IconHourglass,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugOff,
  IconX,
  type Icon,
} from "@tabler/icons-react";
import type { Action, Status } from "../api/shapes.ts";
import classes from "./badges.module.css";

type Tone = "good" | "neutral" | "accent" | "warn" | "bad";

const statuses: Record<Status, { label: string; tone: Tone; icon: Icon }> = {
  pending: { label: "Pending", tone: "neutral", icon: IconClock },
  waiting: { label: "Waiting", tone: "neutral", icon: IconHourglass },
  running: { label: "Running", tone: "accent", icon: IconPlayerPlay },
  planned: { label: "Differences found", tone: "accent", icon: IconFileDiff },
  "in-agreement": { label: "In agreement", tone: "good", icon: IconEqual },
  applied: { label: "Applied", tone: "good", icon: IconCheck },
  "not-converged": { label: "Not converged", tone: "bad", icon: IconAlertTriangle },
  partial: { label: "Partly applied", tone: "warn", icon: IconAlertTriangle },
  held: { label: "Held", tone: "warn", icon: IconPlayerPause },
  failed: { label: "Failed", tone: "bad", icon: IconX },
  cancelled: { label: "Cancelled", tone: "neutral", icon: IconCircleDashed },
  stale: { label: "Stale", tone: "warn", icon: IconAlertTriangle },
  lost: { label: "Lost", tone: "bad", icon: IconPlugOff },
};

export const statusNames = Object.keys(statuses) as Status[];

export function statusLabel(status: Status): string {
  return statuses[status].label;
}

export function isFinal(status: Status): boolean {
  return status !== "pending" && status !== "waiting" && status !== "running";
}

export function StatusBadge({ status }: { status: Status }) {
  const { label, tone, icon: StatusIcon } = statuses[status];
  return (
    <span className={classes.badge} data-tone={tone}>
      <StatusIcon size={13} stroke={2.2} aria-hidden />
      {label}
    </span>
  );
}

const actions: Record<string, { label: string; sign: string }> = {
  create: { label: "create", sign: "+" },
  update: { label: "update", sign: "~" },
  delete: { label: "delete", sign: "−" },
  unchanged: { label: "unchanged", sign: "=" },
};

export function actionSign(action: Action | "unchanged"): string {
  return actions[action]?.sign ?? "";
}

/** The action's sign in its colour; the word is there for those who do not see it. */
export function ActionSign({ action }: { action: Action }) {
  return (
    <span className={classes.sign} data-action={action} role="img" aria-label={action}>
      <span aria-hidden>{actionSign(action)}</span>
    </span>
  );
}

export function ActionBadge({ action }: { action: string }) {
  const known = actions[action];
  return (
    <span className={classes.badge} data-action={known ? action : undefined} data-tone="neutral">
      {known && <span aria-hidden>{known.sign}</span>}
      {known?.label ?? action}
    </span>
  );
}

const tones: Record<string, Tone> = {
  success: "good",
  applied: "good",
  info: "accent",
  debug: "neutral",
  warning: "warn",
  failure: "bad",
  error: "bad",
  failed: "bad",
  skipped: "warn",
  stale: "warn",
  held: "warn",
  rejected: "neutral",
};

const toneIcons: Record<Tone, Icon | null> = {
  good: IconCheck,
  bad: IconX,
  warn: IconAlertTriangle,
  neutral: null,
  accent: null,
};

const wordIcons: Record<string, Icon> = { held: IconPlayerPause, rejected: IconBan };

/** A word with a tone: an outcome, a log level. */
export function WordBadge({ word, label }: { word: string; label?: string }) {
  const tone = tones[word] ?? "neutral";
  const ToneIcon = wordIcons[word] ?? toneIcons[tone];
  return (
    <span className={classes.badge} data-tone={tone}>
      {ToneIcon && <ToneIcon size={12} stroke={2.2} aria-hidden />}
      {label ?? word}
    </span>
  );
}

export function DryRunBadge({ isApplied = false }: { isApplied?: boolean }) {
  return (
    <span
      className={classes.outline}
      title={isApplied ? "Written later, from the record" : "Nothing was written"}
    >
      {isApplied ? "dry run, applied" : "dry run"}
    </span>
  );
}
