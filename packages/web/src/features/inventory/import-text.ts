export const fileFormats = ["csv", "yaml", "json"] as const;

export type FileFormat = (typeof fileFormats)[number];

/** The format that a file's name ends in. */
export function formatOfName(name: string): FileFormat | null {
  const ending = /\.(\w+)$/.exec(name.toLowerCase())?.[1];
  if (ending === "yml") return "yaml";
  return fileFormats.find((format) => format === ending) ?? null;
}

/** What a text looks like: a list in brackets, a list with hyphens, or a table. */
export function formatOfText(text: string): FileFormat {
  const start = text.trimStart();
  if (start.startsWith("[")) return "json";
  return /^(-\s|---|#)/.test(start) ? "yaml" : "csv";
}
