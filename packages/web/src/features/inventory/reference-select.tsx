import { MultiSelect, type OptionsFilter, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { inventoryQuery } from "../../api/queries.ts";
import type { ModelManifest, ReferenceValue } from "../../api/shapes.ts";
import { messageOf } from "../../components/error-message.ts";

const offered = 20;

/** The server has searched already. */
const keepAll: OptionsFilter = ({ options }) => options;

interface ReferenceSource {
  /** The model referred to. */
  target: ModelManifest;
  /** "dcim.device": what the reference is chosen for, where the target says what it is for. */
  contentType: string | null;
}

interface InputLook {
  label?: ReactNode;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  placeholder?: string;
  "aria-label"?: string;
  "data-path"?: string;
}

/** Records of the target that the typed text finds, and those that are chosen. */
function useOffered({ target, contentType }: ReferenceSource, chosen: readonly ReferenceValue[]) {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text, 200);
  const isChosenLabel = chosen.some(({ label }) => label === asked);
  const [isOpened, setIsOpened] = useState(false);
  const filter = target.isLimited && contentType !== null ? { content_types: contentType } : {};
  const found = useQuery({
    ...inventoryQuery(target.plural, {
      ...filter,
      ...(isChosenLabel || asked === "" ? {} : { q: asked }),
      limit: offered,
      offset: 0,
    }),
    enabled: isOpened,
  });
  const items: ReferenceValue[] = (found.data?.items ?? []).map(({ id, name, label }) => ({
    id,
    name,
    label,
    model: target.name,
  }));
  const all = new Map([...chosen, ...items].map((item) => [item.id, item]));
  const total = found.data?.total ?? 0;
  return {
    byId: all,
    props: {
      data: [...all.values()].map(({ id, label }) => ({ value: id, label })),
      searchable: true,
      searchValue: text,
      onSearchChange: setText,
      filter: keepAll,
      onDropdownOpen: () => {
        setIsOpened(true);
      },
      nothingFoundMessage: found.isError
        ? messageOf(found.error)
        : found.isFetching
          ? "Searching…"
          : `No ${target.label.toLowerCase()} is called that`,
      maxDropdownHeight: 280,
      hasMore: total > offered,
    },
  };
}

interface ReferenceSelectProps extends ReferenceSource, InputLook {
  value: ReferenceValue | null;
  onChange: (value: ReferenceValue | null) => void;
}

/** Chooses a record by what it is called. */
export function ReferenceSelect(props: ReferenceSelectProps) {
  const { target, contentType, value, onChange, required, ...look } = props;
  const {
    byId,
    props: { hasMore, ...offer },
  } = useOffered({ target, contentType }, value ? [value] : []);
  return (
    <Select
      {...look}
      {...offer}
      {...(required === undefined ? {} : { required })}
      placeholder={look.placeholder ?? (hasMore ? "Type to search" : `Choose`)}
      value={value?.id ?? null}
      clearable={!required}
      clearButtonProps={{ "aria-label": `Clear: ${nameOf(props)}` }}
      onChange={(id) => {
        onChange(id === null ? null : (byId.get(id) ?? null));
      }}
    />
  );
}

interface ReferenceSetProps extends ReferenceSource, InputLook {
  value: readonly ReferenceValue[];
  onChange: (value: ReferenceValue[]) => void;
  /** Offered beside the records: "none". */
  extra?: ReferenceValue;
}

/** Chooses any number of records. */
export function ReferenceSetSelect(props: ReferenceSetProps) {
  const { target, contentType, value, onChange, extra, ...look } = props;
  const {
    byId,
    props: { hasMore, data, ...offer },
  } = useOffered({ target, contentType }, value);
  if (extra) byId.set(extra.id, extra);
  const options = extra
    ? [
        ...data.filter((option) => option.value !== extra.id),
        { value: extra.id, label: extra.label },
      ]
    : data;
  return (
    <MultiSelect
      {...look}
      {...offer}
      styles={{ inputField: { minWidth: 40 } }}
      data={options}
      placeholder={value.length > 0 ? "" : (look.placeholder ?? (hasMore ? "Type to search" : ""))}
      value={value.map(({ id }) => id)}
      clearable
      clearButtonProps={{ "aria-label": `Clear: ${nameOf(props)}` }}
      onChange={(ids) => {
        onChange(ids.flatMap((id) => byId.get(id) ?? []));
      }}
    />
  );
}

function nameOf({ label, "aria-label": ariaLabel }: InputLook): string {
  return ariaLabel ?? (typeof label === "string" ? label : "");
}
