import { Button, MultiSelect, NumberInput, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { recordQuery } from "../../api/queries.ts";
import type { ModelManifest, ReferenceValue } from "../../api/shapes.ts";
import { choicesOf } from "../../components/custom-field.ts";
import { formatExactTime } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { type FieldFilter, filterNamed, noneValue, valuesIn } from "./list-filters.ts";
import { localOf, momentOf } from "./record-values.ts";
import { ReferenceSetSelect } from "./reference-select.tsx";
import classes from "./filter-panel.module.css";

type Change = (changes: Record<string, string | undefined>) => void;

interface FilterPanelProps {
  models: Models;
  model: ModelManifest;
  filters: readonly FieldFilter[];
  parameters: Readonly<Record<string, string>>;
  change: Change;
}

/** A control for each filter. */
export function FilterPanel({ models, model, filters, parameters, change }: FilterPanelProps) {
  return (
    <div className={classes.panel} role="group" aria-label="Filters by field">
      {filters.map((filter) => (
        <FilterControl
          // A filter that was cleared elsewhere begins again.
          key={`${filter.name} ${parameters[filter.name] === undefined ? "off" : "on"}`}
          models={models}
          model={model}
          filter={filter}
          text={parameters[filter.name]}
          onChange={(text) => {
            change({ [filter.name]: text || undefined });
          }}
        />
      ))}
    </div>
  );
}

interface FilterControlProps {
  models: Models;
  model: ModelManifest;
  filter: FieldFilter;
  text: string | undefined;
  onChange: (text: string) => void;
}

function FilterControl({ models, model, filter, text, onChange }: FilterControlProps) {
  const { label, field, control } = filter;
  const [typed, setTyped] = useState(text ?? "");
  const report = useDebouncedCallback(onChange, 350);
  const values = valuesIn(filter, text);
  switch (control) {
    case "choice":
      return (
        <MultiSelect
          label={label}
          data={filterChoices(filter)}
          value={values}
          clearable
          clearButtonProps={{ "aria-label": `Clear: ${label}` }}
          onChange={(next) => {
            onChange(next.join(","));
          }}
        />
      );
    case "reference":
      return (
        <ReferenceFilter
          models={models}
          model={model}
          filter={filter}
          values={values}
          onChange={onChange}
        />
      );
    case "number":
      return (
        <NumberInput
          label={label}
          hideControls
          value={typed}
          allowDecimal={field.kind === "decimal"}
          onChange={(next) => {
            setTyped(String(next));
            report(String(next));
          }}
        />
      );
    case "moment":
      return (
        <TextInput
          type="datetime-local"
          label={label}
          defaultValue={localOf(text ?? null)}
          onChange={(event) => {
            report(momentOf(event.currentTarget.value) ?? "");
          }}
        />
      );
    case "day":
    case "text":
      return (
        <TextInput
          type={control === "day" ? "date" : "text"}
          label={label}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            report(event.currentTarget.value.trim());
          }}
        />
      );
  }
}

function filterChoices({ field }: FieldFilter): { value: string; label: string }[] {
  const choices = choicesOf(field);
  return field.isNullable ? [...choices, { value: noneValue, label: "none" }] : choices;
}

function ReferenceFilter(props: {
  models: Models;
  model: ModelManifest;
  filter: FieldFilter;
  values: readonly string[];
  onChange: (text: string) => void;
}) {
  const { models, model, filter, values, onChange } = props;
  const { field, label } = filter;
  const target = models.get(field.target ?? "");
  const chosen = useReferences(target, values);
  if (!target) return null;
  return (
    <ReferenceSetSelect
      label={label}
      target={target}
      contentType={model.contentType}
      value={chosen}
      {...(field.isNullable || field.kind !== "reference"
        ? { extra: { id: noneValue, name: "none", label: "none", model: target.name } }
        : {})}
      onChange={(next) => {
        onChange(next.map(({ id }) => id).join(","));
      }}
    />
  );
}

/** What the ids in an address are called; a name that stands there stays as it is. */
function useReferences(
  target: ModelManifest | undefined,
  values: readonly string[],
): ReferenceValue[] {
  const records = useQueries({
    queries: values.map((id) => ({
      ...recordQuery(target?.plural ?? "", id),
      enabled: target !== undefined && /^[0-9a-f-]{36}$/i.test(id),
      retry: false,
    })),
  });
  return values.map((id, index) => {
    const { name = id, label = id } =
      id === noneValue ? { name: "none", label: "none" } : (records[index]?.data ?? {});
    return { id, name, label, model: target?.name ?? "" };
  });
}

type ActiveFiltersProps = Omit<FilterPanelProps, "filters">;

/** The filters that are on, each with a press that takes it off. */
export function ActiveFilters({ models, model, parameters, change }: ActiveFiltersProps) {
  const names = Object.keys(parameters);
  if (names.length === 0) return null;
  return (
    <div className={classes.active} role="group" aria-label="Filters that are on">
      {names.map((name) => (
        <ActiveFilter
          key={name}
          models={models}
          filter={filterNamed(models, model, name)}
          name={name}
          text={parameters[name] ?? ""}
          onClear={() => {
            change({ [name]: undefined });
          }}
        />
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          change(Object.fromEntries(names.map((name) => [name, undefined])));
        }}
      >
        Clear all
      </Button>
    </div>
  );
}

function ActiveFilter(props: {
  models: Models;
  filter: FieldFilter | undefined;
  name: string;
  text: string;
  onClear: () => void;
}) {
  const { models, filter, name, text, onClear } = props;
  const isReference = filter?.control === "reference";
  const values = filter ? valuesIn(filter, text) : [text];
  const references = useReferences(
    models.get(filter?.field.target ?? ""),
    isReference ? values : [],
  );
  const words = isReference
    ? references.map(({ name: called }) => called)
    : values.map((value) => wordOf(filter, value));
  const label = filter?.label ?? name;
  return (
    <button
      type="button"
      className={classes.chip}
      onClick={onClear}
      aria-label={`Take off the filter ${label}: ${words.join(", ")}`}
    >
      <span className="quiet">{label}</span> {words.join(", ")}
      <IconX size={13} aria-hidden />
    </button>
  );
}

function wordOf(filter: FieldFilter | undefined, value: string): string {
  if (filter?.control === "moment") return formatExactTime(value);
  if (value === noneValue || !filter) return value === noneValue ? "none" : value;
  return choicesOf(filter.field).find((choice) => choice.value === value)?.label ?? value;
}
