// The query parameters that narrow a list, made from its fields.
import { InvalidInputError, ipAddress, mac, prefix } from "@plumbline/sync";
import { isUuid, type Parameters } from "../../inventory/list-filter.ts";
import { type Faults, refuseFields } from "./refused.ts";
import { findField, type Resource, type Resources, type RestField } from "./resource.ts";

/** A value of a filter: an id where it names an object; null where it says "null". */
export type FilterValue = string | null;

export interface Filter {
  readonly name: string;
  /** What a value looks like, for documents. */
  readonly type: "string" | "integer" | "number" | "boolean" | "date-time" | "uuid";
  /** The resource whose objects the values name, by id or by name. */
  readonly target: string | null;
  readonly choices: readonly string[];
  /** The condition on rows `t`. @throws InvalidInputError for a value it cannot read. */
  readonly condition: (values: readonly FilterValue[], parameters: Parameters) => string;
}

/** Parameters of a list that are no filters. */
export const listParameters = [
  "api_version",
  "depth",
  "exclude_m2m",
  "format",
  "include",
  "limit",
  "offset",
  "sort",
] as const;

/** Every filter of a resource by its name; `q` is looked for elsewhere. */
export function filtersOf(resources: Resources, resource: Resource): ReadonlyMap<string, Filter> {
  const filters = [
    ...idFilters("id", (alias) => `${alias}.id`),
    ...resource.fields.flatMap((field) => fieldFilters(resources, resource, field)),
    ...treeFilters(resources, resource),
    ...reverseFilters(resources, resource),
  ];
  const byName = new Map<string, Filter>();
  for (const filter of filters) if (!byName.has(filter.name)) byName.set(filter.name, filter);
  return byName;
}

/** The field by whose value an object is called where a reference may be given by name. */
export function callingField(resource: Resource): RestField | undefined {
  const { table } = resource;
  const part = table?.columns.find(({ isKey, target }) => isKey && target === null);
  return findField(resource, part?.name ?? resource.searchFields[0] ?? "");
}

/** The place of a field as text, where values are compared as people write them. */
export function textPlace(field: RestField, alias: string): string {
  const place = field.place(alias);
  if (field.type === "text") return place;
  if (field.type === "inet") return `host(${place})`;
  return field.type === "macaddr" ? `upper(${place}::text)` : `${place}::text`;
}

function fieldFilters(resources: Resources, resource: Resource, field: RestField): Filter[] {
  const filters = filtersByKind(resources, resource, field);
  if (field.isNullable || field.join !== null) filters.push(nullFilter(field));
  return filters;
}

function filtersByKind(resources: Resources, resource: Resource, field: RestField): Filter[] {
  const parts = resource.table?.hubModel.rest?.joined?.[field.name];
  if (parts) return joinedFilters(resource, field, parts[0]);
  const place = (alias = "t") => field.place(alias);
  if (field.target !== null) return referenceFilters(resources, resource, field, field.target);
  switch (field.kind) {
    case "integer":
      return numberFilters(field, "integer", readInteger);
    case "decimal":
      return numberFilters(field, "number", readNumber);
    case "date-time":
      return numberFilters(field, "date-time", readMoment);
    case "boolean":
      return [
        filter(field.name, "boolean", (values, parameters) => {
          return `${place()} = any(${parameters.add(values.map((value) => readBoolean(value)))}::boolean[])`;
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
      return [
        filter(field.name, "string", (values, parameters) =>
          likeAny(`${place()}::text`, "ilike", values, parameters, "%", "%"),
        ),
      ];
    default:
      return textFilters(field);
  }
}

function filter(
  name: string,
  type: Filter["type"],
  condition: Filter["condition"],
  rest: Partial<Pick<Filter, "target" | "choices">> = {},
): Filter {
  return { name, type, target: null, choices: [], condition, ...rest };
}

function idFilters(name: string, place: (alias: string) => string): Filter[] {
  const condition: Filter["condition"] = (values, parameters) =>
    `${place("t")} = any(${parameters.add(values.map(readUuid))}::uuid[])`;
  return withNegation(filter(name, "uuid", condition));
}

/** The filter, and with `__n` its opposite; what has no value is among the opposite. */
function withNegation(positive: Filter): Filter[] {
  const condition: Filter["condition"] = (values, parameters) =>
    `not coalesce(${positive.condition(values, parameters)}, false)`;
  return [positive, { ...positive, name: `${positive.name}__n`, condition }];
}

function nullFilter({ name, place, join }: RestField): Filter {
  return filter(`${name}__isnull`, "boolean", ([value]) => {
    const isWanted = readBoolean(value ?? null);
    const members = join && `exists (${membersOf(join, "t")})`;
    if (members) return isWanted ? `not ${members}` : members;
    return `${place("t")} is ${isWanted ? "" : "not "}null`;
  });
}

function textFilters(field: RestField): Filter[] {
  const { name, choices, kind } = field;
  const text = textPlace(field, "t");
  const read = kind === "mac" ? readMac : (value: string) => value;
  const known = (value: FilterValue): string => {
    if (choices.length > 0 && value !== null && !choices.includes(value)) throw notAChoice(value);
    return read(value ?? "");
  };
  const equal = filter(
    name,
    "string",
    (values, parameters) => {
      const wanted = `${text} = any(${parameters.add(values.map(known))}::text[])`;
      return values.includes(null) && field.isNullable ? `(${wanted} or ${text} is null)` : wanted;
    },
    { choices },
  );
  const like = (suffix: string, before: string, after: string) =>
    negatable(name, suffix, (values, parameters) =>
      likeAny(text, "ilike", values, parameters, before, after),
    );
  const matching = (suffix: string, operator: string) =>
    negatable(name, suffix, (values, parameters) => {
      const patterns = values.map((value) => parameters.add(value ?? ""));
      return `(${patterns.map((pattern) => `${text} ${operator} ${pattern}`).join(" or ")})`;
    });
  return [
    ...withNegation(equal),
    ...like("ic", "%", "%"),
    ...like("isw", "", "%"),
    ...like("iew", "%", ""),
    ...like("ie", "", ""),
    ...matching("re", "~"),
    ...matching("ire", "~*"),
  ];
}

/** `name__ic` and its opposite `name__nic`. */
function negatable(name: string, suffix: string, condition: Filter["condition"]): Filter[] {
  const [positive, negative] = withNegation(filter(`${name}__${suffix}`, "string", condition));
  return positive && negative ? [positive, { ...negative, name: `${name}__n${suffix}` }] : [];
}

function likeAny(
  place: string,
  operator: string,
  values: readonly FilterValue[],
  parameters: Parameters,
  before: string,
  after: string,
): string {
  const patterns = values.map(
    (value) => `${before}${(value ?? "").replaceAll(/[\\%_]/g, "\\$&")}${after}`,
  );
  return `${place} ${operator} any(${parameters.add(patterns)}::text[])`;
}

function numberFilters(
  { name, place, type, isNullable }: RestField,
  kind: Filter["type"],
  read: (value: string) => unknown,
): Filter[] {
  const at = place("t");
  const equal = filter(name, kind, (values, parameters) => {
    const given = values.filter((value) => value !== null);
    const wanted = `${at} = any(${parameters.add(given.map(read))}::${type}[])`;
    return values.includes(null) && isNullable ? `(${wanted} or ${at} is null)` : wanted;
  });
  const comparing = (suffix: string, operator: string) =>
    filter(
      `${name}__${suffix}`,
      kind,
      (values, parameters) =>
        `${at} ${operator} any(${parameters.add(values.map((value) => read(value ?? "")))}::${type}[])`,
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
function memberFilters({ name, place }: RestField): Filter[] {
  const condition: Filter["condition"] = (values, parameters) =>
    `${place("t")} @> ${parameters.add(values.map((value) => value ?? ""))}::text[]`;
  return withNegation(filter(name, "string", condition));
}

const networkField = prefix();
const addressField = ipAddress();
const macField = mac();

/** Networks: the same, inside, around. What is no network finds nothing. */
function networkFilters({ name, place }: RestField): Filter[] {
  const at = place("t");
  const compare = (operator: string): Filter["condition"] => {
    return (values, parameters) => {
      const networks = values.map((value) => readNetwork(value ?? ""));
      const found = networks.filter((network) => network !== null);
      return `${at} ${operator} any(${parameters.add(found)}::inet[])`;
    };
  };
  return [
    ...withNegation(filter(name, "string", compare("="))),
    filter(`${name}_exact`, "string", compare("=")),
    filter("within", "string", compare("<<")),
    filter("within_include", "string", compare("<<=")),
    filter("contains", "string", compare(">>=")),
  ];
}

/** Addresses: the same host; `address` with its mask; `prefix` for those inside. */
function addressFilters({ name, place }: RestField): Filter[] {
  const at = place("t");
  const inside: Filter["condition"] = (values, parameters) => {
    const networks = values.map((value) => readNetwork(value ?? "")).filter((it) => it !== null);
    return `${at} <<= any(${parameters.add(networks)}::inet[])`;
  };
  const same: Filter["condition"] = (values, parameters) => {
    const hosts = values.map((value) => readHost(value ?? "")).filter((it) => it !== null);
    return `${at} = any(${parameters.add(hosts)}::inet[])`;
  };
  return [...withNegation(filter(name, "string", same)), filter("prefix", "string", inside)];
}

function readNetwork(text: string): string | null {
  const field = text.includes("/") ? networkField : addressField;
  return readOrNull(() => field.normalise(text, () => text));
}

function readHost(text: string): string | null {
  return readOrNull(() => addressField.normalise(text, () => text));
}

function readOrNull(read: () => unknown): string | null {
  try {
    return String(read());
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}

function readMac(text: string): string {
  const value = readOrNull(() => macField.normalise(text, () => text));
  if (value === null) throw new InvalidInputError("Enter a valid MAC address.");
  return value.toUpperCase();
}

/** Two fields told as one: the whole, or its first part alone. */
function joinedFilters(resource: Resource, field: RestField, firstName: string): Filter[] {
  const whole = field.place("t");
  const first = findField(resource, firstName);
  const isAddress = first?.kind === "ip-address";
  const condition: Filter["condition"] = (values, parameters) => {
    const given = values.map((value) => value ?? "");
    const starts = given.map((value) => value.split("/")[0] ?? "");
    const known = isAddress ? starts.map(readHost).filter((host) => host !== null) : starts;
    const list = parameters.add(given);
    // The first part is a column of its own, with an index.
    return `(${first?.place("t") ?? whole} = any(${parameters.add(known)}::${first?.type ?? "text"}[])
      and (${whole} = any(${list}::text[]) or split_part(${whole}, '/', 1) = any(${list}::text[])))`;
  };
  return withNegation(filter(field.name, "string", condition));
}

function membersOf(join: NonNullable<RestField["join"]>, alias: string): string {
  return `select from ${join.table} m where m.${join.ownerColumn} = ${alias}.id`;
}

function referenceFilters(
  resources: Resources,
  resource: Resource,
  field: RestField,
  target: string,
): Filter[] {
  const { name, join, place } = field;
  const tree = resources.get(target);
  // Where a location is asked for, what lies below it counts; its own parent is meant literally.
  const descends = tree.treeField !== null && target !== resource.name && join === null;
  const ids = (values: readonly FilterValue[], parameters: Parameters): string => {
    const list = parameters.add(values.filter((value) => value !== null));
    return descends ? descendants(tree, `${list}::uuid[]`) : `select unnest(${list}::uuid[])`;
  };
  const one = (values: readonly FilterValue[], parameters: Parameters): string => {
    const wanted = ids(values, parameters);
    const found = join
      ? `exists (${membersOf(join, "t")} and m.${join.memberColumn} in (${wanted}))`
      : `${place("t")} in (${wanted})`;
    if (!values.includes(null)) return found;
    const none = join ? `not exists (${membersOf(join, "t")})` : `${place("t")} is null`;
    return `(${found} or ${none})`;
  };
  const condition: Filter["condition"] =
    name === "tags"
      ? (values, parameters) => `(${values.map((value) => one([value], parameters)).join(" and ")})`
      : one;
  const named = withNegation(filter(name, "string", condition, { target }));
  const byId = join ? [] : [filter(`${name}_id`, "uuid", condition, { target })];
  return [...named, ...byId];
}

/** The ids of a tree's objects and of all below them. */
function descendants({ source, fields, treeField }: Resource, ids: string): string {
  const parent = fields.find(({ name }) => name === treeField);
  return `with recursive below (id) as (
      select unnest(${ids})
      union
      select c.id from below join ${source} c on ${parent?.place("c") ?? "false"} = below.id
    ) select id from below`;
}

function treeFilters(resources: Resources, resource: Resource): Filter[] {
  if (resource.treeField === null) return [];
  const condition: Filter["condition"] = (values, parameters) =>
    `t.id in (${descendants(resource, `${parameters.add(values)}::uuid[]`)})`;
  return withNegation(filter("subtree", "string", condition, { target: resource.name }));
}

/** What refers to the objects: `devices=` by id or name, `has_devices=`. */
function reverseFilters(resources: Resources, resource: Resource): Filter[] {
  return resources.referrers(resource.name).flatMap(({ resource: other, field }) => {
    const plural = other.table?.model.plural;
    if (plural === undefined || other === resource) return [];
    const { join } = field;
    const from = join
      ? `select from ${join.table} r where r.${join.memberColumn} = t.id`
      : `select from ${other.source} r where ${field.place("r")} = t.id`;
    const owner = join ? `r.${join.ownerColumn}` : "r.id";
    return [
      ...withNegation(
        filter(
          plural,
          "string",
          (values, parameters) =>
            `exists (${from} and ${owner} = any(${parameters.add(values)}::uuid[]))`,
          { target: other.name },
        ),
      ),
      filter(`has_${plural}`, "boolean", ([value]) =>
        readBoolean(value ?? null) ? `exists (${from})` : `not exists (${from})`,
      ),
    ];
  });
}

function notAChoice(value: string): InvalidInputError {
  return new InvalidInputError(
    `Select a valid choice. ${value} is not one of the available choices.`,
  );
}

function readUuid(value: FilterValue): string {
  if (value !== null && isUuid(value)) return value;
  throw new InvalidInputError(`“${value ?? "null"}” is not a valid UUID.`);
}

function readInteger(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isSafeInteger(number)) {
    throw new InvalidInputError("Enter a whole number.");
  }
  return number;
}

function readNumber(value: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(value.trim()))
    throw new InvalidInputError("Enter a number.");
  return value.trim();
}

function readMoment(value: string): string {
  const moment = new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(moment.getTime())) throw new InvalidInputError("Enter a valid date/time.");
  // As it was written: a Date has no microseconds.
  return /[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`;
}

const words = new Map([
  ...["true", "1", "on", "yes", "t", "y"].map((word) => [word, true] as const),
  ...["false", "0", "off", "no", "f", "n"].map((word) => [word, false] as const),
]);

/** True or false, as loosely as clients write it. */
export function readFlag(text: string): boolean | undefined {
  return words.get(text.trim().toLowerCase());
}

function readBoolean(value: FilterValue): boolean {
  const found = readFlag(value ?? "");
  if (found === undefined) throw notAChoice(value ?? "null");
  return found;
}

/** The conditions of filters with their values. @throws Refused naming every filter with a wrong value. */
export function filterConditions(
  given: readonly { readonly filter: Filter; readonly values: readonly FilterValue[] }[],
  parameters: Parameters,
): string[] {
  const faults: Record<string, string[]> = {};
  const conditions = given.flatMap(({ filter: { name, condition }, values }) => {
    try {
      return [condition(values, parameters)];
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      faults[name] = [error.message];
      return [];
    }
  });
  if (Object.keys(faults).length > 0) throw refuseFields(faults satisfies Faults);
  return conditions;
}
