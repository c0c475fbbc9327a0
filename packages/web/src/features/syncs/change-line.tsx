import { Button, Checkbox } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { ChangeRow, RulingVerdict } from "../../api/shapes.ts";
import { ActionSign, WordBadge } from "../../components/badges.tsx";
import { ChangeValues } from "../../components/change-values.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { valueText } from "../../components/field-value.tsx";
import { formatName } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { Time } from "../../components/time.tsx";
import { OtherFields } from "./other-fields.tsx";
import { verdictWords } from "./review.ts";
import classes from "./change-line.module.css";

interface ChangeLineProps {
  change: ChangeRow;
  models: Models;
  /** Whether the Tab key stops here. */
  isCurrent: boolean;
  isUnfolded: boolean;
  onToggle: (position: number) => void;
  /** Where the plan can be ruled on. */
  review: ChangeReview | null;
  isSelected: boolean;
}

/** Stable between renders. */
export interface ChangeReview {
  readonly onSelect: (position: number) => void;
  readonly onRule: (change: ChangeRow, verdict: RulingVerdict) => void;
}

/** One changed object; unfolds to its values. */
export const ChangeLine = memo(function ChangeLine(props: ChangeLineProps) {
  const { change, models, isUnfolded, onToggle, review, isSelected } = props;
  const tabIndex = props.isCurrent ? 0 : -1;
  const Chevron = isUnfolded ? IconChevronDown : IconChevronRight;
  return (
    <div
      className={classes.change}
      data-position={change.position}
      data-state={change.state}
      data-selected={isSelected || undefined}
    >
      {review && (
        <Checkbox
          size="xs"
          className={classes.choice}
          tabIndex={tabIndex}
          aria-label={`Select ${change.label}`}
          checked={isSelected}
          onChange={() => {
            review.onSelect(change.position);
          }}
        />
      )}
      <button
        type="button"
        className={classes.line}
        tabIndex={tabIndex}
        aria-expanded={isUnfolded}
        onClick={() => {
          onToggle(change.position);
        }}
      >
        <Chevron size={14} aria-hidden className={classes.chevron} />
        <ActionSign action={change.action} />
        <span className={classes.label}>{change.label}</span>
        <span className={classes.model}>{models.get(change.model)?.label ?? change.model}</span>
        <span className={classes.summary}>{summaryOf(change, models)}</span>
        <span className={classes.outcome}>
          <Outcome change={change} />
        </span>
      </button>
      {isUnfolded && <Details change={change} models={models} review={review} />}
    </div>
  );
});

function Outcome({ change }: { change: ChangeRow }) {
  if (change.outcome) return <WordBadge word={change.outcome.status} />;
  if (change.state === "rejected") return <WordBadge word="rejected" />;
  if (change.state === "held") return <WordBadge word="held" />;
  return change.rehearsal ? <WordBadge word="failed" label="would fail" /> : null;
}

function summaryOf(change: ChangeRow, models: Models): string {
  if (change.outcome?.errorMessage) return change.outcome.errorMessage;
  if (change.state === "open" && change.rehearsal) return change.rehearsal.message;
  if (change.action === "update") {
    const fields = models.get(change.model)?.fields ?? [];
    const names = change.fields.map(
      (name) => fields.find((field) => field.name === name)?.label ?? formatName(name),
    );
    return `${names.join(", ")}${stepTexts[change.step]}`;
  }
  return change.parentLabel ? `in ${change.parentLabel}` : "";
}

const stepTexts = { 0: " (emptied first)", 1: "", 2: " (in a second step)" } as const;

/** What the target refused: references by their labels, as everywhere. */
function errorValueText(model: string, refusal: Refusal, models: Models): string {
  const fields = models.get(model)?.fields;
  const field = fields?.find(({ name }) => name === refusal.field);
  return valueText(models, field, refusal.value);
}

interface Refusal {
  readonly title: string;
  readonly message: string;
  readonly field: string | null;
  readonly value: string | null;
}

/** What the target refused; before a plan is applied, what it would refuse. */
function refusalOf({ outcome, rehearsal, state }: ChangeRow): Refusal | null {
  if (outcome?.errorMessage) {
    return {
      title: formatName(outcome.status),
      message: outcome.errorMessage,
      field: outcome.errorField,
      value: outcome.errorValue,
    };
  }
  if (outcome !== null || rehearsal === null) return null;
  return { title: state === "open" ? "Would fail" : "Would fail if let through", ...rehearsal };
}

interface DetailsProps {
  change: ChangeRow;
  models: Models;
  review: ChangeReview | null;
}

function Details({ change, models, review }: DetailsProps) {
  const { outcome, hold } = change;
  const refusal = refusalOf(change);
  return (
    <div className={classes.details}>
      <Rulings change={change} />
      {hold && (
        <p className={classes.hold}>
          <b>Held.</b> {hold.reason}
        </p>
      )}
      {refusal && (
        <p className={classes.error}>
          <b>{refusal.title}.</b> {refusal.message}
          {refusal.field !== null && (
            <>
              {" "}
              Field <code>{refusal.field}</code>
              {refusal.value !== null && (
                <>
                  , value <code>{errorValueText(change.model, refusal, models)}</code>
                </>
              )}
              .
            </>
          )}
        </p>
      )}
      <ChangeValues
        models={models}
        model={change.model}
        action={change.action}
        before={change.before}
        after={change.after}
      />
      <OtherFields change={change} models={models} />
      <div className={classes.foot}>
        {review &&
          verdictsFor(change).map((verdict) => (
            <Button
              key={verdict}
              size="compact-xs"
              variant="default"
              onClick={() => {
                review.onRule(change, verdict);
              }}
            >
              {verdictWords[verdict].verb}
              {verdict === "release" && "…"}
            </Button>
          ))}
        {change.objectUrl && <a href={change.objectUrl}>Open the object</a>}
        <SystemLink object={change.systemObject} />
        <SystemLink object={change.otherSystemObject} />
        {outcome && (
          <span>
            {outcome.status} <Time at={outcome.at} />
          </span>
        )}
        <span className={classes.key}>
          Key
          <CopyButton text={change.key} label="Copy the key" />
        </span>
      </div>
    </div>
  );
}

function SystemLink({ object }: { object: ChangeRow["systemObject"] }) {
  if (object === null) return null;
  return (
    <a href={object.url} rel="noreferrer">
      Open in {object.system}
    </a>
  );
}

function Rulings({ change: { release, rejection, rejectedBefore } }: { change: ChangeRow }) {
  if (release === null && rejection === null && rejectedBefore === null) return null;
  return (
    <p className={classes.hold}>
      {release && (
        <>
          <b>Released</b> by {release.by ?? "somebody"} <Time at={release.at} />
          {release.reason === "" ? "." : `: ${release.reason}`}{" "}
        </>
      )}
      {rejection && (
        <>
          <b>Rejected</b> by {rejection.by ?? "somebody"} <Time at={rejection.at} />
          {rejection.reason === "" ? "." : `: ${rejection.reason}`}{" "}
        </>
      )}
      {rejectedBefore && (
        <>
          The same change was rejected in{" "}
          <Link
            to="/plugins/ssot/history/$syncId/"
            params={{ syncId: rejectedBefore.syncId }}
            className={classes.inline}
          >
            an earlier plan
          </Link>{" "}
          by {rejectedBefore.by ?? "somebody"} <Time at={rejectedBefore.at} />.
        </>
      )}
    </p>
  );
}

/** What a person can say of a change as it stands. */
function verdictsFor(change: ChangeRow): RulingVerdict[] {
  if (change.state === "rejected") return ["accept"];
  if (change.release) return ["hold-again", "reject"];
  return change.hold ? ["release", "reject"] : ["reject"];
}
