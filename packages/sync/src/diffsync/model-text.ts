import { ObjectNotFound } from "./errors.ts";
import type { DiffSyncModel } from "./model.ts";
import { layoutSlot, valuesSlot } from "./record-slots.ts";
import { entriesText, listText } from "./value-text.ts";

/** A record as indented text, its children below it. */
export function modelText(record: DiffSyncModel, withChildren: boolean, indent: number): string {
  const margin = " ".repeat(indent);
  const attributes = entriesText(Object.entries(record.getAttrs()));
  const lines = [`${margin}${record.getType()}: ${record.getUniqueId()}: ${attributes}`];
  // An adapter that holds nothing counts as none.
  const adapter = record.adapter?.size ? record.adapter : null;
  for (const [model, { field, place }] of record[layoutSlot].children) {
    const uids = record[valuesSlot][place] as unknown as readonly string[];
    if (uids.length === 0) {
      lines.push(`${margin}  ${field}: []`);
    } else if (!adapter || !withChildren) {
      lines.push(`${margin}  ${field}: ${listText(uids)}`);
    } else {
      lines.push(`${margin}  ${field}`);
      for (const uid of uids) lines.push(childText(uid, model));
    }
  }
  return lines.join("\n");

  function childText(uid: string, model: string): string {
    try {
      const child = adapter?.get(model, uid);
      return child ? child.str({ includeChildren: withChildren, indent: indent + 4 }) : "";
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
      return `${margin}    ${uid} (ERROR: details unavailable)`;
    }
  }
}
