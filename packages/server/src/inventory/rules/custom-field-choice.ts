import { InvalidInputError } from "@plumbline/sync";
import { customFieldsName } from "../custom-fields/definitions.ts";
import { checkText, type ValueRules } from "../custom-fields/read-value.ts";
import { idsOf } from "../pending-change.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { HubRules, RuleContext } from "./hub-rules.ts";

type Row = ValueRules & {
  readonly id: string;
  readonly value: string;
  readonly key: string;
  readonly label: string;
  readonly default: unknown;
  readonly contentTypes: readonly string[];
};

async function readRows({ client }: RuleContext, ids: readonly string[]): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `select c.id, c.value, f.key, f.label, f.type, f.default_value as "default",
            f.validation_minimum::float8 as min, f.validation_maximum::float8 as max,
            f.validation_regex as regex, f.content_types as "contentTypes", array[]::text[] as choices
       from custom_field_choices c join custom_fields f on f.id = c.custom_field_id
      where c.id = any($1::uuid[])`,
    [ids],
  );
  return rows;
}

/** Whether an object has the choice as its value, or among them. */
async function isInUse({ client, inventory }: RuleContext, row: Row): Promise<boolean> {
  const places = inventory.tables.filter(
    ({ hasCustomFields, hubModel }) =>
      hasCustomFields && row.contentTypes.includes(hubModel.contentType),
  );
  if (places.length === 0) return false;
  const uses = places.map(
    ({ name }) =>
      `exists (select from ${name} t where t.${customFieldsName} <> '{}'
                and (t.${customFieldsName} @> $1::jsonb or t.${customFieldsName} @> $2::jsonb))`,
  );
  const { rows } = await client.query<{ used: boolean }>(`select ${uses.join(" or ")} as used`, [
    JSON.stringify({ [row.key]: row.value }),
    JSON.stringify({ [row.key]: [row.value] }),
  ]);
  return rows[0]?.used === true;
}

export const customFieldChoiceRules: HubRules = {
  fixedFields: {
    custom_field: "Add it to the other field, and delete this one",
    value: "Add the new value as a choice, give it to the objects, and delete this one",
  },
  async afterWrite(context, pending) {
    return (await readRows(context, idsOf(pending))).flatMap((row): Refusal[] => {
      if (row.type !== "select" && row.type !== "multi-select") {
        const message = `Custom field choices can only be assigned to selection fields; ${row.label} is of the type ${row.type}.`;
        return [refuse(row.id, "custom_field", row.key, message)];
      }
      try {
        checkText(row, row.value);
        return [];
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        return [refuse(row.id, "value", row.value, `${error.message}.`)];
      }
    });
  },
  async beforeDelete(context, pending) {
    const refusals: Refusal[] = [];
    for (const row of await readRows(context, idsOf(pending))) {
      const isDefault = [row.default].flat().includes(row.value);
      if (!isDefault && !(await isInUse(context, row))) continue;
      const why = isDefault ? `is the default of ${row.label}` : `is in active use`;
      refusals.push(
        refuse(row.id, null, row.value, `The choice ${row.value} ${why}. Change that first.`),
      );
    }
    return refusals;
  },
};
