const mark = "cf_";

/** What the custom field with the key is called among the fields of its objects: "cf_contract". */
export function customFieldName(key: string): string {
  return mark + key;
}

/** The key of the custom field that is called so; null for what is called otherwise. */
export function customFieldKey(name: string): string | null {
  return name.startsWith(mark) ? name.slice(mark.length) : null;
}
