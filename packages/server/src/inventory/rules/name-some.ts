const most = 5;

/** The first of many names, and how many more there are: "R1, R2 and 3 more". */
export function nameSome(names: readonly string[]): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(", ")} and ${rest} more` : names.join(", ");
}
