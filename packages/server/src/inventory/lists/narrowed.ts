/** Those rows `t` of a list's source that meet a condition, as a source; null for no condition. */
export function narrowed(source: string, condition: string | null): string {
  return condition === null ? source : `(select t.* from ${source} t where ${condition})`;
}
