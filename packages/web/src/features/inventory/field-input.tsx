import {
  Checkbox,
  ColorInput,
  MultiSelect,
  NumberInput,
  Select,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { FieldManifest, ModelManifest, ReferenceValue } from "../../api/shapes.ts";
import { choicesOf, isCustomField } from "../../components/custom-field.ts";
import { keyLabel, type Models } from "../../components/key-label.ts";
import type { FormValue } from "./record-values.ts";
import { ReferenceSelect, ReferenceSetSelect } from "./reference-select.tsx";

interface FieldInputProps {
  models: Models;
  model: ModelManifest;
  field: FieldManifest;
  value: FormValue;
  error?: string | undefined;
  onChange: (value: FormValue) => void;
}

/** The form control of a field, from its declaration. */
export function FieldInput({ models, model, field, value, error, onChange }: FieldInputProps) {
  const shared = {
    label: field.label,
    description: field.description || undefined,
    required: field.isRequired,
    error,
    "data-path": field.name,
  };
  const clear = { "aria-label": `Clear: ${field.label}` };
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const target = models.get(field.target ?? "");
  switch (field.kind) {
    case "reference":
      if (!target) return null;
      return (
        <ReferenceSelect
          {...shared}
          target={target}
          contentType={model.contentType}
          {...(typeof field.default === "string"
            ? { placeholder: `${keyLabel(models, field.target, field.default)}, unless chosen` }
            : {})}
          value={value as ReferenceValue | null}
          onChange={onChange}
        />
      );
    case "set":
    case "list":
      if (target) {
        return (
          <ReferenceSetSelect
            {...shared}
            target={target}
            contentType={model.contentType}
            value={value as ReferenceValue[]}
            onChange={onChange}
          />
        );
      }
      return <WordsInput models={models} field={field} {...{ shared, value, onChange }} />;
    case "boolean":
      return (
        <Checkbox
          {...shared}
          required={false}
          checked={value === true}
          onChange={(event) => {
            onChange(event.currentTarget.checked);
          }}
        />
      );
    case "choice":
      return (
        <Select
          {...shared}
          data={choicesOf(field)}
          value={text || null}
          clearable={field.isNullable}
          allowDeselect={field.isNullable}
          searchable={field.choices.length > 8}
          clearButtonProps={clear}
          onChange={onChange}
        />
      );
    case "integer":
    case "decimal":
      return (
        <NumberInput
          {...shared}
          value={value as string | number}
          allowDecimal={field.kind === "decimal"}
          {...(field.scale === null ? {} : { decimalScale: field.scale })}
          onChange={onChange}
        />
      );
    case "date-time":
      return (
        <TextInput
          {...shared}
          type="datetime-local"
          value={text}
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      );
    case "json":
    case "keyed-list":
      return (
        <Textarea
          {...shared}
          autosize
          minRows={3}
          classNames={{ input: "mono" }}
          value={text}
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      );
    default:
      return <LineInput field={field} {...{ shared, text, onChange }} />;
  }
}

interface Shared {
  label: string;
  description: string | undefined;
  required: boolean;
  error: string | undefined;
  "data-path": string;
}

function LineInput(props: {
  field: FieldManifest;
  shared: Shared;
  text: string;
  onChange: (value: FormValue) => void;
}) {
  const { field, shared, text, onChange } = props;
  if (field.name === "color") {
    return (
      <ColorInput
        {...shared}
        value={text === "" ? "" : `#${text}`}
        eyeDropperButtonProps={{ "aria-label": "Pick a colour from the screen" }}
        onChange={(color) => {
          onChange(color.replace("#", ""));
        }}
      />
    );
  }
  const isLong = field.kind === "text" && field.maxLength === null;
  const line = {
    ...shared,
    value: text,
    onChange: (event: { currentTarget: { value: string } }) => {
      onChange(event.currentTarget.value);
    },
  };
  return isLong ? (
    <Textarea {...line} autosize minRows={2} maxRows={12} />
  ) : (
    <TextInput {...line} type={isCustomField(field) ? (lineTypes[field.type] ?? "text") : "text"} />
  );
}

const lineTypes: Readonly<Record<string, string>> = { date: "date", url: "url" };

/** Members that are words: of a fixed choice, models by their labels, or free. */
function WordsInput(props: {
  models: Models;
  field: FieldManifest;
  shared: Shared;
  value: FormValue;
  onChange: (value: FormValue) => void;
}) {
  const { models, field, shared, value, onChange } = props;
  const words = Array.isArray(value) ? (value as string[]) : [];
  const line = { ...shared, value: words, onChange };
  if (field.choices.length > 0) return <MultiSelect {...line} data={field.choices} searchable />;
  const labels =
    field.name === "content_types"
      ? [...models.values()].flatMap(({ contentType }) => contentType ?? [])
      : [];
  return <TagsInput {...line} data={labels} acceptValueOnBlur />;
}
