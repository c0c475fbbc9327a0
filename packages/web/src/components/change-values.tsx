import type { Action, FieldManifest, Values } from "../api/shapes.ts";
import { CopyButton } from "./copy-button.tsx";
import { withCustomValues } from "./custom-field.ts";
import { FieldValue, valueText } from "./field-value.tsx";
import { formatName } from "./format.ts";
import type { Models } from "./key-label.ts";
import { compareMembers, type MemberChange } from "./member-changes.ts";
import classes from "./change-values.module.css";

interface ChangeValuesProps {
  models: Models;
  model: string | null;
  action: Action;
  before: Values | null;
  after: Values | null;
}

/** Old and new values side by side; of an update only what changed, of lists only the members that did. */
export function ChangeValues({ models, model, action, ...values }: ChangeValuesProps) {
  const manifest = model === null ? undefined : models.get(model);
  const fields = manifest ? [...manifest.fields, ...manifest.customFields] : [];
  const before = withCustomValues(values.before);
  const after = withCustomValues(values.after);
  const present = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const all = [
    ...fields.map((field) => field.name).filter((name) => present.delete(name)),
    ...present,
  ];
  // Of a whole object, what is empty says nothing; of an update it is a change.
  const names =
    action === "update" ? all : all.filter((name) => !isEmpty((before ?? after)?.[name]));
  if (names.length === 0) return null;
  return (
    <table className={classes.values} data-action={action}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          {action !== "create" && <th scope="col">{action === "delete" ? "Removed" : "Before"}</th>}
          {action !== "delete" && <th scope="col">{action === "create" ? "Added" : "After"}</th>}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <Row
            key={name}
            models={models}
            field={fields.find((field) => field.name === name)}
            name={name}
            action={action}
            before={before?.[name]}
            after={after?.[name]}
          />
        ))}
      </tbody>
    </table>
  );
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)
  );
}

interface RowProps {
  models: Models;
  field: FieldManifest | undefined;
  name: string;
  action: Action;
  before: unknown;
  after: unknown;
}

function Row({ models, field, name, action, before, after }: RowProps) {
  const label = field?.label ? field.label : formatName(name);
  if (action === "update" && Array.isArray(before) && Array.isArray(after)) {
    return (
      <tr>
        <th scope="row">{label}</th>
        <td colSpan={2} className={classes.membersCell}>
          <Members models={models} field={field} changes={compareMembers(before, after)} />
        </td>
      </tr>
    );
  }
  return (
    <tr>
      <th scope="row">{label}</th>
      {action !== "create" && <Cell models={models} field={field} value={before} side="before" />}
      {action !== "delete" && <Cell models={models} field={field} value={after} side="after" />}
    </tr>
  );
}

function Cell(props: {
  models: Models;
  field: FieldManifest | undefined;
  value: unknown;
  side: "before" | "after";
}) {
  const text = valueText(props.models, props.field, props.value);
  return (
    <td className={classes[props.side]}>
      <span className={classes.cell}>
        <FieldValue models={props.models} field={props.field} value={props.value} links="none" />
        {text !== "" && (
          <span className={classes.copy}>
            <CopyButton text={text} label={`Copy ${text.slice(0, 40)}`} />
          </span>
        )}
      </span>
    </td>
  );
}

function Members(props: {
  models: Models;
  field: FieldManifest | undefined;
  changes: MemberChange[];
}) {
  const kept = props.changes.filter((change) => change.kind === "kept").length;
  return (
    <ul className={classes.members}>
      {props.changes
        .filter((change) => change.kind !== "kept")
        .map((change) => (
          <li key={change.kind + JSON.stringify(change.value)} data-kind={change.kind}>
            <span className={classes.memberSign}>{change.kind === "added" ? "+" : "−"}</span>{" "}
            {valueText(props.models, props.field, change.value)}
          </li>
        ))}
      {kept > 0 && <li data-kind="kept">= {kept} unchanged</li>}
    </ul>
  );
}
