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
import type { Action, JobResultRow, Status, SyncRow } from "../api/shapes.ts";
import { useActionWords } from "./action-words.ts";
import { type SyncKind, syncType } from "./sync-type.ts";
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

/** The action's sign in its colour; the word is there for those who do not see it. */
export function ActionSign({ action }: { action: Action }) {
  const { tone, word, sign } = useActionWords();
  return (
    <span
      className={classes.sign}
      data-action={tone(action)}
      role="img"
      aria-label={word(action)}
      title={word(action)}
    >
      <span aria-hidden>{sign(action)}</span>
    </span>
  );
}

export function ActionBadge({ action }: { action: Action | "unchanged" }) {
  const { tone, word, sign, same } = useActionWords();
  const isChange = action !== "unchanged";
  return (
    <span className={classes.badge} data-action={isChange ? tone(action) : action}>
      <span aria-hidden>{isChange ? sign(action) : "="}</span>
      {isChange ? word(action) : same}
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

interface TypeBadgeProps extends SyncKind {
  isApplied: boolean;
}

/** Stands beside the status of a sync that wrote nothing by itself, or takes another one back. */
export function SyncTypeBadge({ sync }: { sync: SyncRow }) {
  const { direction, isDryRun, undoOf, counts } = sync;
  return (
    <TypeBadge
      {...{ direction, isDryRun, isUndo: undoOf !== null, isApplied: counts.applied > 0 }}
    />
  );
}

/** The same beside the status of one of its runs. */
export function JobResultTypeBadge({ result }: { result: JobResultRow }) {
  const { direction, isDryRun, kind } = result;
  const isUndo = kind === "undo" || kind === "rollback";
  return <TypeBadge {...{ direction, isDryRun, isUndo, isApplied: false }} />;
}

const typeTitles = {
  comparison: "Neither side is ever written",
  undo: "Nothing was written",
  "dry run": "Nothing was written",
  "roll back": undefined,
} as const;

function TypeBadge({ isApplied, ...kind }: TypeBadgeProps) {
  const type = syncType(kind);
  if (type === "sync") return null;
  const isWrittenLater = isApplied && (type === "undo" || type === "dry run");
  return (
    <span
      className={classes.outline}
      title={isWrittenLater ? "Written later, from the record" : typeTitles[type]}
    >
      {isWrittenLater ? `${type}, applied` : type}
    </span>
  );
}
