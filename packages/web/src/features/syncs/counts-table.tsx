import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { SyncDetail, SyncModel } from "../../api/shapes.ts";
import {
  actions,
  countedOnly,
  useActionWords,
  type ActionWords,
} from "../../components/action-words.ts";
import { formatCount } from "../../components/format.ts";
import { countOfOutcome, logOfOutcome, writingOutcomes } from "../../components/outcome-words.ts";
import classes from "./counts-table.module.css";

/** Type by action; every number of rows leads to them. */
export function CountsTable({ sync }: { sync: SyncDetail }) {
  const words = useActionWords();
  const showsHeld = !words.isComparison;
  const { rejected } = sync.counts;
  const outcomes = outcomesIn(sync);
  return (
    <div className={classes.scroll}>
      <table
        className={classes.table}
        aria-label={words.isComparison ? "Differences by type" : "Changes by type and action"}
      >
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">{sync.sourceName}</th>
            <th scope="col">{sync.targetName}</th>
            <th scope="col" title={countedOnly}>
              {sameTitle(words)}
            </th>
            {actions.map((action) => (
              <th key={action} scope="col" data-action={words.tone(action)}>
                {titleOf(words, action)}
              </th>
            ))}
            {leftOutIn(sync).map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {showsHeld && <th scope="col">Held</th>}
            {rejected > 0 && <th scope="col">Rejected</th>}
            {outcomes.map(({ id, title, meaning }) => (
              <th key={id} scope="col" title={meaning}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sync.models.map((row) => (
            <ModelRow key={row.model} sync={sync} row={row} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            <td data-label={sync.sourceName}>{formatCount(total(sync, "sourceCount"))}</td>
            <td data-label={sync.targetName}>{formatCount(total(sync, "targetCount"))}</td>
            <td data-label={sameTitle(words)} title={countedOnly}>
              {formatCount(total(sync, "unchanged"))}
            </td>
            {actions.map((action) => (
              <td key={action} data-action={words.tone(action)} data-label={titleOf(words, action)}>
                <Number sync={sync} value={total(sync, action)} action={action} />
              </td>
            ))}
            {leftOutIn(sync).map(({ name, title }) => (
              <td key={title} data-label={title} title={countedOnly}>
                {formatCount(total(sync, name))}
              </td>
            ))}
            {showsHeld && (
              <td data-label="Held">
                <Number sync={sync} value={sync.counts.held} outcome="held" />
              </td>
            )}
            {rejected > 0 && (
              <td data-label="Rejected">
                <Number sync={sync} value={rejected} outcome="rejected" />
              </td>
            )}
            {outcomes.map((outcome) => (
              <td key={outcome.id} data-label={outcome.title}>
                <Number
                  sync={sync}
                  value={countOfOutcome(sync.counts, outcome)}
                  {...logOfOutcome(outcome)}
                />
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function ModelRow({ sync, row }: { sync: SyncDetail; row: SyncModel }) {
  const words = useActionWords();
  const of = { sync, model: row.model };
  return (
    <tr>
      <th scope="row">{row.label}</th>
      <td data-label={sync.sourceName}>
        <Read value={row.sourceCount} incomplete={row.sourceIncomplete} />
      </td>
      <td data-label={sync.targetName}>
        <Read value={row.targetCount} incomplete={row.targetIncomplete} />
      </td>
      <td data-label={sameTitle(words)} title={countedOnly}>
        {formatCount(row.unchanged)}
      </td>
      {actions.map((action) => (
        <td key={action} data-action={words.tone(action)} data-label={titleOf(words, action)}>
          <Number {...of} value={row[action]} action={action} />
        </td>
      ))}
      {leftOutIn(sync).map(({ name, title }) => (
        <td key={title} data-label={title} title={countedOnly}>
          {formatCount(row[name])}
        </td>
      ))}
      {!words.isComparison && (
        <td data-label="Held">
          <Number {...of} value={row.held} outcome="held" />
        </td>
      )}
      {sync.counts.rejected > 0 && (
        <td data-label="Rejected">
          <Number {...of} value={row.rejected} outcome="rejected" />
        </td>
      )}
      {outcomesIn(sync).map((outcome) => (
        <td key={outcome.id} data-label={outcome.title}>
          <Number {...of} value={countOfOutcome(row, outcome)} {...logOfOutcome(outcome)} />
        </td>
      ))}
    </tr>
  );
}

function Read({ value, incomplete }: { value: number; incomplete: string | null }) {
  if (incomplete === null) return <>{formatCount(value)}</>;
  return (
    <span className={classes.incomplete} title={incomplete}>
      <IconAlertTriangle size={13} aria-label={`Not read completely: ${incomplete}`} />
      {formatCount(value)}
    </span>
  );
}

function Number(props: {
  sync: SyncDetail;
  value: number;
  model?: string;
  action?: string;
  outcome?: string;
  /** Where the rows are that it counts, if not in the diff. */
  tab?: string;
}) {
  if (props.value === 0) return <span className={classes.zero}>0</span>;
  const { model, action, outcome, tab } = props;
  return (
    <Link
      to="/plugins/ssot/history/$syncId/"
      params={{ syncId: props.sync.id }}
      search={{ tab, model, action, outcome }}
      {...(tab === undefined ? { hash: "diff" } : {})}
    >
      {formatCount(props.value)}
    </Link>
  );
}

function titleOf({ sign, heading }: ActionWords, action: (typeof actions)[number]): string {
  return `${sign(action)} ${heading(action)}`;
}

function sameTitle({ isComparison }: ActionWords): string {
  return isComparison ? "= Equal" : "= Unchanged";
}

/** The columns of what became of changes: of a dry run that nobody applied there is nothing to tell. */
function outcomesIn(sync: SyncDetail): readonly (typeof writingOutcomes)[number][] {
  const wereTried = writingOutcomes.some((outcome) => countOfOutcome(sync.counts, outcome) > 0);
  return wereTried || !sync.isDryRun ? writingOutcomes : [];
}

const leftOut = [
  { name: "outOfScope", title: "Out of scope" },
  { name: "ignored", title: "Ignored" },
] as const;

/** Columns for what most runs have none of. */
function leftOutIn(sync: SyncDetail): readonly (typeof leftOut)[number][] {
  return leftOut.filter(({ name }) => total(sync, name) > 0);
}

function total(
  sync: SyncDetail,
  name:
    | "sourceCount"
    | "targetCount"
    | "unchanged"
    | (typeof leftOut)[number]["name"]
    | (typeof actions)[number],
): number {
  return sync.models.reduce((sum, row) => sum + row[name], 0);
}
