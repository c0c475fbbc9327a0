import { Button } from "@mantine/core";
import { useState } from "react";
import type { ImportReport, ModelManifest } from "../../api/shapes.ts";
import { ActionBadge, WordBadge } from "../../components/badges.tsx";
import { ChangeValues } from "../../components/change-values.tsx";
import { withCustomValues } from "../../components/custom-field.ts";
import { formatCount } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import classes from "./import-page.module.css";

type Row = ImportReport["rows"][number];

const shownAtOnce = 100;
/** What needs a look comes first. */
const order: readonly Row["action"][] = ["refused", "update", "create", "unchanged"];

interface ImportRowsProps {
  models: Models;
  model: ModelManifest;
  rows: readonly Row[];
}

/** What each row of an import does, those that are refused first. */
export function ImportRows({ models, model, rows }: ImportRowsProps) {
  const [count, setCount] = useState(shownAtOnce);
  const sorted = order.flatMap((action) => rows.filter((row) => row.action === action));
  return (
    <>
      <ol className={classes.rows} aria-label="Rows of the text">
        {sorted.slice(0, count).map((row) => (
          <ImportRow key={row.place} models={models} model={model} row={row} />
        ))}
      </ol>
      {sorted.length > count && (
        <div className={classes.foot}>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              setCount(count + 10 * shownAtOnce);
            }}
          >
            Show more of {formatCount(sorted.length)}
          </Button>
        </div>
      )}
    </>
  );
}

function ImportRow({ models, model, row }: { models: Models; model: ModelManifest; row: Row }) {
  const { place, label, action, before, after, faults } = row;
  const fields = [...model.fields, ...model.customFields];
  const labelOf = (name: string) => fields.find((field) => field.name === name)?.label ?? name;
  const changed =
    action === "update" ? Object.keys(withCustomValues(after) ?? {}).map(labelOf) : [];
  return (
    <li>
      <div className={classes.line}>
        {action === "refused" ? (
          <WordBadge word="failed" label="refused" />
        ) : (
          <ActionBadge action={action} />
        )}
        <span className={classes.label}>{label ?? "—"}</span>
        {changed.length > 0 && <span className="quiet">{changed.join(", ")}</span>}
        <span className={classes.place}>{place}</span>
      </div>
      {faults.length > 0 && (
        <ul className={classes.faults}>
          {faults.map(({ field, message }) => (
            <li key={`${field ?? ""} ${message}`}>
              {field !== null && <b>{labelOf(field)}: </b>}
              {withoutName(message, field)}
            </li>
          ))}
        </ul>
      )}
      {(action === "create" || action === "update") && (
        <details className={classes.values}>
          <summary>Values</summary>
          <ChangeValues
            models={models}
            model={model.name}
            action={action}
            before={before}
            after={after}
          />
        </details>
      )}
    </li>
  );
}

/** The label before it says the field's name already. */
function withoutName(message: string, field: string | null): string {
  const name = `${field ?? ""}: `;
  return field !== null && message.startsWith(name) ? message.slice(name.length) : message;
}
