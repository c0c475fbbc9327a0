import type { CustomFieldManifest, FieldManifest } from "../api/shapes.ts";

/** Whether people defined the field, rather than its model. */
export function isCustomField(field: FieldManifest | undefined): field is CustomFieldManifest {
  return field !== undefined && "grouping" in field;
}

/** "cf_contract" among the fields of a list is "contract" among the custom ones of an object. */
export function customKey({ name }: CustomFieldManifest): string {
  return name.replace(/^cf_/, "");
}

/** The values of an object's history, custom fields among the others under their names in lists. */
export function withCustomValues(
  values: Readonly<Record<string, unknown>> | null,
): Readonly<Record<string, unknown>> | null {
  const custom = values?.["custom_fields"];
  if (values === null || typeof custom !== "object" || custom === null) return values;
  const { custom_fields: _, ...own } = values;
  const named = Object.entries(custom).map(([key, value]) => [`cf_${key}`, value] as const);
  return { ...own, ...Object.fromEntries(named) };
}

/** Custom fields by the heading they stand under. */
export function customGroups(
  fields: readonly CustomFieldManifest[],
): readonly { readonly title: string; readonly fields: CustomFieldManifest[] }[] {
  const groups = Map.groupBy(fields, ({ grouping }) => grouping ?? "Custom fields");
  return [...groups].map(([title, members]) => ({ title, fields: members }));
}

/** The words of a choice, and yes and no of what is one or the other. */
export function choicesOf(field: FieldManifest): { value: string; label: string }[] {
  const isYesOrNo = field.kind === "boolean" || (isCustomField(field) && field.type === "boolean");
  if (!isYesOrNo) return field.choices.map((choice) => ({ value: choice, label: choice }));
  return [
    { value: "true", label: "yes" },
    { value: "false", label: "no" },
  ];
}
