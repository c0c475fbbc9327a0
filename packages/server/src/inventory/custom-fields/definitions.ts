import type { CustomField } from "@plumbline/models";
import type { Canonical } from "@plumbline/sync";
import type { Queryable } from "../inventory.ts";
import type { Table } from "../table.ts";

/** The column of a table, and the name under which a change carries what it sets. */
export const customFieldsName = "custom_fields";

export type CustomFieldType = CustomField["type"];

/** A custom field as objects of its models have it. */
export interface CustomFieldDefinition {
  readonly key: string;
  readonly label: string;
  readonly type: CustomFieldType;
  readonly grouping: string | null;
  readonly description: string | null;
  readonly required: boolean;
  readonly filterLogic: CustomField["filter_logic"];
  readonly default: Canonical;
  /** Bounds of a number; of a text those of its length. */
  readonly min: number | null;
  readonly max: number | null;
  readonly regex: string | null;
  readonly choices: readonly string[];
}

/** The custom fields of every model by its content type, in the order that forms show them. */
export type CustomFieldIndex = ReadonlyMap<string, readonly CustomFieldDefinition[]>;

/** The custom fields of one model's objects. */
export async function readCustomFieldsOf(
  client: Queryable,
  table: Pick<Table, "hasCustomFields" | "hubModel">,
): Promise<readonly CustomFieldDefinition[]> {
  if (!table.hasCustomFields) return [];
  return (await readCustomFields(client)).get(table.hubModel.contentType) ?? [];
}

type Row = CustomFieldDefinition & { readonly contentTypes: readonly string[] };

export async function readCustomFields(client: Queryable): Promise<CustomFieldIndex> {
  const { rows } = await client.query<Row>(
    `select f.key, f.label, f.type, f.grouping, f.description, f.required, f.filter_logic as "filterLogic",
            f.default_value as "default", f.validation_minimum::float8 as min,
            f.validation_maximum::float8 as max, f.validation_regex as regex,
            f.content_types as "contentTypes",
            array(select c.value from custom_field_choices c where c.custom_field_id = f.id
                   order by c.weight, c.value) as choices
       from custom_fields f order by f.weight, f.label, f.key`,
  );
  const index = new Map<string, CustomFieldDefinition[]>();
  for (const { contentTypes, ...definition } of rows) {
    for (const contentType of contentTypes) {
      const known = index.get(contentType);
      if (known) known.push(definition);
      else index.set(contentType, [definition]);
    }
  }
  return index;
}
