const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

/** Any text as a value of COPY; PostgreSQL keeps no NUL. */
export function escapeText(text: string): string {
  if (!/[\\\t\n\r\0]/.test(text)) return text;
  return text
    .replaceAll("\0", "")
    .replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? "");
}

/** A text array as PostgreSQL reads it. */
export function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
