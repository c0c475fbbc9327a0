import type { ProjectionFacts } from "@plumbline/plugin-kit";
import { type Canonical, InvalidDeclarationError } from "@plumbline/sync";
import type { Inventory } from "./inventory.ts";
import { keyParts } from "./key-parts.ts";
import { bareType, type Column, type Join, type Table } from "./table.ts";

type Condition = ProjectionFacts["where"][number];

/** What a projection's conditions say of rows `t` of its model's table, as SQL; null for none. */
export function conditionSql(
  inventory: Inventory,
  table: Table,
  conditions: readonly Condition[],
): string | null {
  if (conditions.length === 0) return null;
  return conditions
    .map((condition) => `(${oneCondition(inventory, table, condition)})`)
    .join(" and ");
}

/** What the conditions say that a new object is. */
export function valuesOf({ of, where }: ProjectionFacts): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    where.flatMap((condition) => {
      if (!("is" in condition) || condition.is === null) return [];
      const { field, is } = condition;
      return [[field, of.field(field).facts.members === undefined ? is : [is]]];
    }),
  );
}

function oneCondition(inventory: Inventory, table: Table, condition: Condition): string {
  if (!("field" in condition)) return below(inventory, table.model.name, condition.isUnder, "t.id");
  const { field: name } = condition;
  const join = table.joins.find((each) => each.name === name);
  if (join) {
    const some = someMember(join, memberCondition(inventory, table, join, condition));
    return "isSet" in condition && !condition.isSet ? `not ${some}` : some;
  }
  const column = table.columns.find((each) => each.name === name);
  if (!column) {
    throw new InvalidDeclarationError(
      `A projection of ${table.model.name} asks for ${name} in \`where\`, which it does not have.`,
    );
  }
  const place = `t.${column.column}`;
  if ("isSet" in condition) return `${place} is ${condition.isSet ? "not null" : "null"}`;
  if ("isUnder" in condition) {
    return below(inventory, targetOf(table, column), condition.isUnder, place);
  }
  const values = canonicalValues(inventory, table, column, condition);
  const given = values.filter((value) => value !== null);
  const isGiven =
    column.target === null ? equals(column, place, given) : refers(inventory, column, place, given);
  return values.length > given.length ? `${isGiven} or ${place} is null` : isGiven;
}

function someMember({ table, ownerColumn }: Join, condition: string | null): string {
  const filter = condition === null ? "" : `and (${condition})`;
  return `exists (select from ${table} m where m.${ownerColumn} = t.id ${filter})`;
}

function memberCondition(
  inventory: Inventory,
  table: Table,
  join: Join,
  condition: Exclude<Condition, { readonly isUnder: unknown; readonly field?: never }>,
): string | null {
  const place = `m.${join.memberColumn}`;
  if ("isSet" in condition) return null;
  if ("isUnder" in condition) return below(inventory, join.target, condition.isUnder, place);
  return refers(inventory, join, place, canonicalValues(inventory, table, join, condition));
}

function canonicalValues(
  { schema }: Inventory,
  { model }: Table,
  { name, field }: Column | Join,
  condition: { readonly is: unknown } | { readonly isOneOf: readonly unknown[] },
): readonly Canonical[] {
  const inputs = "is" in condition ? [condition.is] : condition.isOneOf;
  const type = field.facts.members ?? field;
  return inputs.map((input) => {
    try {
      return input === null ? null : type.normalise(input, schema.encodeReference);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InvalidDeclarationError(
        `A projection of ${model.name} asks in \`where\` for a ${name} that cannot be: ${reason}.`,
        { cause: error },
      );
    }
  });
}

function equals(column: Column, place: string, values: readonly Canonical[]): string {
  const type = bareType(column);
  const list = values.map((value) => literal(value)).join(", ");
  return type.endsWith("[]")
    ? `${place} && array[${list}]::${type}`
    : `${place} = any(array[${list}]::${type}[])`;
}

function refers(
  inventory: Inventory,
  { target }: { readonly target: string | null },
  place: string,
  keys: readonly Canonical[],
): string {
  const ids = keys.map((key) => idOf(inventory, target ?? "", textOf(key)));
  return ids.length === 0 ? "false" : `${place} in (${ids.join(", ")})`;
}

function targetOf({ model }: Table, { name, target }: Column): string {
  if (target !== null) return target;
  throw new InvalidDeclarationError(
    `A projection of ${model.name} asks in \`where\` what ${name} is under, and it is no reference.`,
  );
}

/** That a place holds the id of a record of a tree, or of one below it. */
function below(inventory: Inventory, model: string, root: unknown, place: string): string {
  const { name, columns, model: tree } = inventory.table(model);
  const parent = columns.find((each) => each.name === tree.parent && each.target === model);
  if (!parent) {
    throw new InvalidDeclarationError(
      `A projection asks in \`where\` what is under a ${tree.label}, and ${tree.pluralLabel} are no tree.`,
    );
  }
  const top = idOf(inventory, model, inventory.schema.encodeKey(model, root));
  return `${place} in (with recursive below as (
    select id from ${name} where id = ${top}
    union select c.id from ${name} c join below on c.${parent.column} = below.id
  ) select id from below)`;
}

/** The id of the record with a key, as a subselect. */
function idOf(inventory: Inventory, model: string, key: string): string {
  const { name, columns } = inventory.table(model);
  const parts = keyParts(key);
  const conditions = columns
    .filter(({ isKey }) => isKey)
    .map(({ column, target }, index) => {
      const part = parts[index] ?? null;
      if (part === null) return `k.${column} is null`;
      const value = target === null ? literal(part) : idOf(inventory, target, textOf(part));
      return `k.${column} = ${value}`;
    });
  return `(select k.id from ${name} k where ${conditions.join(" and ")})`;
}

function literal(value: Canonical): string {
  return `'${textOf(value).replaceAll("'", "''")}'`;
}

function textOf(value: Canonical): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
