import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { memo } from "react";
import type { ChangeRow } from "../../api/shapes.ts";
import { ActionSign, WordBadge } from "../../components/badges.tsx";
import { ChangeValues } from "../../components/change-values.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { valueText } from "../../components/field-value.tsx";
import { formatName } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { Time } from "../../components/time.tsx";
import classes from "./change-line.module.css";

interface ChangeLineProps {
  change: ChangeRow;
  models: Models;
  isUnfolded: boolean;
  onToggle: (position: number) => void;
}

/** One changed object; unfolds to its values. */
export const ChangeLine = memo(function ChangeLine(props: ChangeLineProps) {
  const { change, models, isUnfolded, onToggle } = props;
  const Chevron = isUnfolded ? IconChevronDown : IconChevronRight;
  return (
    <>
      <button
        type="button"
        className={classes.line}
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
      {isUnfolded && <Details change={change} models={models} />}
    </>
  );
});

function Outcome({ change }: { change: ChangeRow }) {
  if (change.outcome) return <WordBadge word={change.outcome.status} />;
  return change.hold ? <WordBadge word="held" /> : null;
}

function summaryOf(change: ChangeRow, models: Models): string {
  if (change.outcome?.errorMessage) return change.outcome.errorMessage;
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
function errorValueText({ model, outcome }: ChangeRow, models: Models): string {
  const fields = models.get(model)?.fields;
  const field = fields?.find(({ name }) => name === outcome?.errorField);
  return valueText(models, field, outcome?.errorValue);
}

function Details({ change, models }: { change: ChangeRow; models: Models }) {
  const { outcome, hold } = change;
  return (
    <div className={classes.details}>
      {hold && (
        <p className={classes.hold}>
          <b>Held.</b> {hold.reason}
        </p>
      )}
      {outcome?.errorMessage && (
        <p className={classes.error}>
          <b>{formatName(outcome.status)}.</b> {outcome.errorMessage}
          {outcome.errorField !== null && (
            <>
              {" "}
              Field <code>{outcome.errorField}</code>
              {outcome.errorValue !== null && (
                <>
                  , value <code>{errorValueText(change, models)}</code>
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
      <div className={classes.foot}>
        {change.objectUrl && <a href={change.objectUrl}>Open the object</a>}
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
