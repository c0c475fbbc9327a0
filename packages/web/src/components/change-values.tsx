import type { Action, FieldManifest, Values } from "../api/shapes.ts";
import { useActionWords, type ValueColumn } from "./action-words.ts";
import { CopyButton } from "./copy-button.tsx";
import { withCustomValues } from "./custom-field.ts";
import { FieldValue, valueText } from "./field-value.tsx";
import { formatName } from "./format.ts";
import type { Models } from "./key-label.ts";
import { LongText } from "./long-text.tsx";
import { longText } from "./text-difference.ts";
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
  const words = useActionWords();
  const columns = words.valueColumns(action);
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
    <table className={classes.values} data-compared={words.isComparison || undefined}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          {columns.map(({ side, heading }) => (
            <th key={side} scope="col">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <Row
            key={name}
            models={models}
            field={fields.find((field) => field.name === name)}
            name={name}
            columns={columns}
            values={{ before: before?.[name], after: after?.[name] }}
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
  columns: readonly ValueColumn[];
  values: Readonly<Record<ValueColumn["side"], unknown>>;
}

function Row({ models, field, name, columns, values }: RowProps) {
  const label = field?.label ? field.label : formatName(name);
  const { before, after } = values;
  if (columns.length === 2 && Array.isArray(before) && Array.isArray(after)) {
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
      {columns.map(({ side }) => (
        <Cell
          key={side}
          models={models}
          field={field}
          value={values[side]}
          other={columns.length === 2 ? values[side === "before" ? "after" : "before"] : null}
          side={side}
        />
      ))}
    </tr>
  );
}

function Cell(props: {
  models: Models;
  field: FieldManifest | undefined;
  value: unknown;
  other: unknown;
  side: ValueColumn["side"];
}) {
  const textOf = (value: unknown) => valueText(props.models, props.field, value);
  const text = textOf(props.value);
  const isLong = text.length > longText && !Array.isArray(props.value);
  return (
    <td className={classes[props.side]}>
      <span className={classes.cell}>
        {isLong ? (
          <LongText text={text} other={isEmpty(props.other) ? null : textOf(props.other)} />
        ) : (
          <FieldValue models={props.models} field={props.field} value={props.value} links="none" />
        )}
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
  const { isComparison, sign, word, same } = useActionWords();
  const actionOf = { added: "create", removed: "delete" } as const;
  const kept = props.changes.filter((change) => change.kind === "kept").length;
  return (
    <ul className={classes.members}>
      {props.changes
        .flatMap(({ kind, value }) => (kind === "kept" ? [] : [{ kind, value }]))
        .map(({ kind, value }) => (
          <li
            key={kind + JSON.stringify(value)}
            data-kind={isComparison ? "one-side" : kind}
            title={isComparison ? word(actionOf[kind]) : undefined}
          >
            <span className={classes.memberSign}>{sign(actionOf[kind])}</span>{" "}
            {valueText(props.models, props.field, value)}
          </li>
        ))}
      {kept > 0 && (
        <li data-kind="kept">
          = {kept} {same}
        </li>
      )}
    </ul>
  );
}
