type Members = Readonly<Record<string, unknown>>;

/**
 * A page of a list as JSON: `page` with the objects as its `results`. What several of them hold, the very same object,
 * is written once for all of them. Members are called by names that need no quoting.
 */
export function pageJson(page: Members, results: readonly Members[]): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const shared = new Map<object, Uint8Array>();
  let text = `${JSON.stringify(page).slice(0, -1)},"results":[`;
  for (const [index, object] of results.entries()) {
    text += index === 0 ? "{" : ",{";
    let separator = "";
    for (const name in object) {
      const value = object[name];
      text += `${separator}"${name}":`;
      separator = ",";
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        text += JSON.stringify(value);
        continue;
      }
      let written = shared.get(value);
      if (!written) shared.set(value, (written = Buffer.from(JSON.stringify(value))));
      pieces.push(Buffer.from(text), written);
      text = "";
    }
    text += "}";
  }
  pieces.push(Buffer.from(`${text}]}`));
  return Buffer.concat(pieces);
}
