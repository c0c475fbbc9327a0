type Members = Readonly<Record<string, unknown>>;

/** From how many characters on it is faster to copy bytes that were made once than to encode a text again. */
const longText = 500;

/**
 * A page of a list as JSON: `page` with the objects as its `results`. What several of them hold, the very same object,
 * is written once for all of them. Members are called by names that need no quoting.
 */
export function pageJson(page: Members, results: readonly Members[]): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const shared = new Map<object, string | Uint8Array>();
  let text = `${JSON.stringify(page).slice(0, -1)},"results":[`;
  for (const [index, object] of results.entries()) {
    text += index === 0 ? "{" : ",{";
    let separator = "";
    for (const name in object) {
      const value = object[name];
      text += `${separator}"${name}":`;
      separator = ",";
      if (value === null) {
        text += "null";
        continue;
      }
      if (typeof value !== "object" || Array.isArray(value)) {
        text += JSON.stringify(value);
        continue;
      }
      let written = shared.get(value);
      if (written === undefined) {
        const json = JSON.stringify(value);
        shared.set(value, (written = json.length > longText ? Buffer.from(json) : json));
      }
      if (typeof written === "string") text += written;
      else {
        pieces.push(Buffer.from(text), written);
        text = "";
      }
    }
    text += "}";
  }
  pieces.push(Buffer.from(`${text}]}`));
  return Buffer.concat(pieces);
}
