import { CloseButton, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState, type ReactNode, type Ref } from "react";
import classes from "./filter-bar.module.css";

export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <div className={classes.bar} role="search">
      {children}
    </div>
  );
}

interface SearchBoxProps {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
  inputRef?: Ref<HTMLInputElement>;
}

/** A text filter; tells of the text when typing pauses. */
export function SearchBox({ label, value = "", onChange, inputRef }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [reported, setReported] = useState(value);
  const [seen, setSeen] = useState(value);
  const report = useDebouncedCallback((next: string) => {
    setReported(next);
    onChange(next);
  }, 250);
  if (value !== seen) {
    setSeen(value);
    // Not by our own report: a filter was cleared elsewhere, or Back was pressed.
    if (value !== reported) setText(value);
    setReported(value);
  }
  function change(next: string) {
    setText(next);
    report(next);
  }
  return (
    <TextInput
      ref={inputRef}
      className={classes.search}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={15} stroke={1.8} />}
      value={text}
      onChange={(event) => {
        change(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
      rightSection={
        text && (
          <CloseButton
            size="sm"
            aria-label="Clear the text"
            onClick={() => {
              change("");
            }}
          />
        )
      }
    />
  );
}

interface FilterSelectProps {
  /** What is chosen, and the choice that filters nothing: "Any status". */
  label: string;
  value: string | undefined;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}

export function FilterSelect({ label, value, choices, onChange }: FilterSelectProps) {
  // What is chosen is shown, also where there is no such choice any more.
  const isThere = value === undefined || choices.some((choice) => choice.value === value);
  const all = isThere ? choices : [...choices, { value, label: value }];
  return (
    <Select
      className={classes.select}
      aria-label={label}
      placeholder={label}
      data={all}
      value={value ?? null}
      clearable
      searchable={choices.length > 12}
      clearButtonProps={{ "aria-label": `Clear: ${label}` }}
      onChange={(next) => {
        onChange(next ?? undefined);
      }}
    />
  );
}

interface ChipsProps {
  /** For assistive technology: what the chips choose. */
  label: string;
  value: string | undefined;
  choices: readonly { value: string; label: ReactNode; count?: string }[];
  onChange: (value: string | undefined) => void;
}

/** Filter chips; a second press clears. */
export function Chips({ label, value, choices, onChange }: ChipsProps) {
  return (
    <div className={classes.chips} role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          className={classes.chip}
          aria-pressed={choice.value === value}
          onClick={() => {
            onChange(choice.value === value ? undefined : choice.value);
          }}
        >
          {choice.label}
          {choice.count !== undefined && <span className={classes.chipCount}>{choice.count}</span>}
        </button>
      ))}
    </div>
  );
}
