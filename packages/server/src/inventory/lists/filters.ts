// The parameters that narrow a list, made from its fields.
import type { FieldKind } from "@plumbline/sync";
import type { Parameters } from "../parameters.ts";
import {
  type Filter,
  filter,
  type FilterCondition,
  type FilterValue,
  negation,
  orEmpty,
  withNegation,
} from "./filter.ts";
import {
  notAChoice,
  readAddress,
  readBoolean,
  readExactNetwork,
  readInteger,
  readMac,
  readMoment,
  readNetwork,
  readNumber,
  readUuid,
} from "./filter-values.ts";
import { declaredFilters } from "./declared-filters.ts";
import { findField, type List, type ListField, type Lists, textPlace } from "./list.ts";
import {
  membersOf,
  referenceFilters,
  reverseFilters,
  singleFilters,
  treeFilters,
} from "./reference-filters.ts";

/** How the filters of lists are meant. */
export interface FilterStyle {
  /** Whether what lies below a location that is asked for counts too. */
  readonly descends: boolean;
}

/** Every filter of a list by its name; text to search for is looked for elsewhere. */
export function filtersOf(
  lists: Lists,
  list: List,
  { descends }: FilterStyle,
): ReadonlyMap<string, Filter> {
  const fieldFilters = (of: List, field: ListField): Filter[] => [
    ...(field.target === null
      ? field.parts
        ? joinedFilters(of, field, field.parts[0])
        : valueFilters(field)
      : referenceFilters(lists, of, field, field.target, descends)),
    ...(field.isNullable || field.join !== null ? [nullFilter(field)] : []),
  ];
  const filters = [
    ...idFilters("id", "t.id"),
    // What a model declares comes before what its references give by themselves.
    ...declaredFilters(lists, list, fieldFilters),
    ...list.fields.flatMap((field) => fieldFilters(list, field)),
    ...singleFilters(lists, list, descends),
    ...treeFilters(list),
    ...reverseFilters(lists, list),
  ];
  const byName = new Map<string, Filter>();
  for (const each of filters) if (!byName.has(each.name)) byName.set(each.name, each);
  return byName;
}

/** The filters of each list, made once. */
export function createFilterIndex(lists: Lists, style: FilterStyle) {
  const index = new Map<string, ReturnType<typeof filtersOf>>();
  return (list: List): ReturnType<typeof filtersOf> => {
    let filters = index.get(list.name);
    if (!filters) index.set(list.name, (filters = filtersOf(lists, list, style)));
    return filters;
  };
}

function idFilters(name: string, place: string): Filter[] {
  const condition = equalsAny(place, "uuid");
  return withNegation(filter(name, condition, { type: "uuid", read: readUuid }));
}

function nullFilter({ name, place, join }: ListField): Filter {
  return filter(
    `${name}__isnull`,
    ([isWanted]) => {
      const members = join && `exists (${membersOf(join, "t")})`;
      if (members) return isWanted === true ? `not ${members}` : members;
      return `${place("t")} is ${isWanted === true ? "" : "not "}null`;
    },
    { type: "boolean", read: readBoolean },
  );
}

/** The filters by the value of a field that refers to nothing. */
export function valueFilters(field: ListField): Filter[] {
  if (field.type === "uuid") return idFilters(field.name, field.place("t"));
  const numeric = numericKinds[field.kind];
  if (numeric) return numberFilters(field, ...numeric);
  switch (field.kind) {
    case "boolean":
      return [
        filter(field.name, equalsAny(field.place("t"), "boolean"), {
          ...{ type: "boolean", read: readBoolean },
        }),
      ];
    case "prefix":
      return networkFilters(field);
    case "ip-address":
      return addressFilters(field);
    case "set":
    case "list":
      return memberFilters(field);
    case "json":
    case "keyed-list":
      return [filter(field.name, like(`${field.place("t")}::text`, "%", "%"))];
    default:
      return textFilters(field);
  }
}

type Numeric = readonly [type: Filter["type"], read: Filter["read"]];

const numericKinds: Partial<Record<FieldKind, Numeric>> = {
  integer: ["integer", readInteger],
  decimal: ["number", readNumber],
  "date-time": ["date-time", readMoment],
};

function equalsAny(place: string, type: string): FilterCondition {
  return (values, parameters) => `${place} = any(${parameters.add(values)}::${type}[])`;
}

function textFilters(field: ListField): Filter[] {
  const { name, choices, isNullable: takesNull, type } = field;
  const isMac = field.kind === "mac";
  const text = textPlace(field, "t");
  const known = (value: string): string => {
    if (choices.length > 0 && !choices.includes(value)) throw notAChoice(value);
    return isMac ? readMac(value) : value;
  };
  const same = isMac ? equalsAny(field.place("t"), type) : equalsAny(text, "text");
  const equal = filter(
    name,
    (values, parameters) =>
      orEmpty(values, `${field.place("t")} is null`, (others) => same(others, parameters)),
    { takesNull, choices, read: known },
  );
  const matching = (operator: string): FilterCondition => {
    return (values, parameters) => {
      const patterns = values.map((value) => parameters.add(value));
      return `(${patterns.map((pattern) => `${text} ${operator} ${pattern}`).join(" or ")})`;
    };
  };
  return [
    ...withNegation(equal),
    ...negatable(field, "ic", like(text, "%", "%")),
    ...negatable(field, "isw", like(text, "", "%")),
    ...negatable(field, "iew", like(text, "%", "")),
    ...negatable(field, "ie", like(text, "", "")),
    ...negatable(field, "re", matching("~")),
    ...negatable(field, "ire", matching("~*")),
  ];
}

/** `name__ic` and its opposite `name__nic`. */
function negatable(field: ListField, suffix: string, condition: FilterCondition): Filter[] {
  const { name } = field;
  const positive = filter(`${name}__${suffix}`, condition, { looksAt: field });
  return [positive, negation(positive, `${name}__n${suffix}`)];
}

/** Any of the texts, with what may stand before and after, in letters of either case. */
export function like(place: string, before: string, after: string): FilterCondition {
  return (values, parameters) => {
    const patterns = values.map(
      (value) => `${before}${String(value).replaceAll(/[\\%_]/g, "\\$&")}${after}`,
    );
    return anyOf(place, "ilike", patterns, "text", parameters);
  };
}

/** Each value in a comparison of its own, which an index can serve. */
function anyOf(
  place: string,
  operator: string,
  values: readonly FilterValue[],
  type: string,
  parameters: Parameters,
): string {
  if (values.length === 0) return "false";
  const each = values.map((value) => `${place} ${operator} ${parameters.add(value)}::${type}`);
  return `(${each.join(" or ")})`;
}

function numberFilters(
  { name, place, type: stored, isNullable: takesNull }: ListField,
  type: Filter["type"],
  read: Filter["read"],
): Filter[] {
  const at = place("t");
  const same = equalsAny(at, stored);
  const equal = filter(
    name,
    (values, parameters) => orEmpty(values, `${at} is null`, (others) => same(others, parameters)),
    { type, read, takesNull },
  );
  const comparing = (suffix: string, operator: string) =>
    filter(
      `${name}__${suffix}`,
      (values, parameters) => anyOf(at, operator, values, stored, parameters),
      { type, read },
    );
  return [
    ...withNegation(equal),
    comparing("lt", "<"),
    comparing("lte", "<="),
    comparing("gt", ">"),
    comparing("gte", ">="),
  ];
}

/** Text values in a list: each one given must be in it. */
function memberFilters({ name, place }: ListField): Filter[] {
  return withNegation(
    filter(name, (values, parameters) => `${place("t")} @> ${parameters.add(values)}::text[]`),
  );
}

/** Networks: the same, inside, around; or by a part of their text. */
function networkFilters({ name, place }: ListField): Filter[] {
  const at = place("t");
  const compare = (operator: string): FilterCondition => {
    return (values, parameters) => anyOf(at, operator, values, "inet", parameters);
  };
  const network = (as: string, operator: string) =>
    filter(as, compare(operator), { isLenient: true, read: readNetwork });
  return [
    ...withNegation(network(name, "=")),
    filter(`${name}_exact`, compare("="), { read: readExactNetwork }),
    network("within", "<<"),
    network("within_include", "<<="),
    network("contains", ">>="),
    filter(`${name}__ic`, like(`${at}::text`, "%", "%")),
  ];
}

/** Addresses: the same host, or those inside a network. */
function addressFilters({ name, place }: ListField): Filter[] {
  const inside: FilterCondition = (values, parameters) =>
    anyOf(place("t"), "<<=", values, "inet", parameters);
  const options = { isLenient: true, read: readNetwork };
  return [
    ...withNegation(filter(name, inside, options)),
    filter("prefix", inside, options),
    filter("prefix_exact", inside, { read: readExactNetwork }),
  ];
}

/** Two fields told as one: the whole, or its first part alone. */
function joinedFilters(list: List, field: ListField, firstName: string): Filter[] {
  const whole = field.place("t");
  const first = findField(list, firstName);
  const isAddress = first?.kind === "ip-address";
  const read = (text: string): string => {
    if (isAddress) readAddress(text.split("/")[0] ?? "");
    return text;
  };
  const condition: FilterCondition = (values, parameters) => {
    const starts = values.map((value) => String(value).split("/")[0]);
    const given = parameters.add(values);
    // The first part is a column of its own, with an index.
    return `(${first?.place("t") ?? whole} = any(${parameters.add(starts)}::${first?.type ?? "text"}[])
      and (${whole} = any(${given}::text[]) or split_part(${whole}, '/', 1) = any(${given}::text[])))`;
  };
  return withNegation(filter(field.name, condition, { isLenient: true, read }));
}
