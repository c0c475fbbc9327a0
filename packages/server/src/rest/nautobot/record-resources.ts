// What the server itself records, as lists that can be read: users, runs, their logs, syncs, changes.
import type { Inventory } from "../../inventory/inventory.ts";
import { accountRecords } from "./account-records.ts";
import { historyRecords } from "./history-records.ts";
import { withObjectData, withObjectIfThere } from "./object-data.ts";
import type { ModelFacts } from "./record-fields.ts";
import type { Resource } from "./resource.ts";
import { runRecords } from "./run-records.ts";
import { withDiffs } from "./sync-diffs.ts";

/** The lists of what the server records, of the models that the hub has. */
export function recordResources(inventory: Inventory): Resource[] {
  const facts = modelFacts(inventory);
  return [...accountRecords, ...runRecords(facts), ...historyRecords(facts)].map(
    ({ select, fixed = {}, hidden = [], secrets = [], isWritten = false, ...declaration }) => ({
      ...declaration,
      source: `(${select})`,
      readKeys: (_client, rows) =>
        Promise.resolve(
          new Map(
            rows.map(({ id, display, natural_key: key }) => [
              id,
              [String(display), ...((key ?? []) as readonly string[])],
            ]),
          ),
        ),
      display: ([name]) => String(name),
      slugParts: ([, ...parts]) => (parts.length === 0 ? null : parts.map(String)),
      keyCells: () => [],
      calledBy: declaration.searchFields[0] ?? "id",
      treeField: null,
      counts: {},
      fixed: Object.entries(fixed),
      unkept: {},
      emptySets: [],
      nestedSets: [],
      writeOnly: hidden,
      ...{ secrets, isWritten },
      single: {},
      ...completionOf(inventory, declaration.name),
      hasNotes: false,
      hasCustomFields: false,
      table: null,
    }),
  );
}

/** What takes more to tell than the rows of a record. */
function completionOf(inventory: Inventory, name: string): Pick<Resource, "complete"> {
  if (name === "object_change") {
    return { complete: (context, changes) => withObjectData(inventory, context, changes) };
  }
  if (name === "sync") return { complete: withDiffs };
  if (name !== "note") return {};
  return { complete: (context, notes) => withObjectIfThere("assigned_object", context, notes) };
}

function modelFacts({ tables }: Inventory): ModelFacts {
  const facts = [
    ...tables.map(({ model: { name, label }, hubModel: { contentType } }) => ({
      name,
      label,
      contentType,
    })),
    // Written about objects, and recorded like them.
    { name: "note", label: "Note", contentType: "extras.note" },
    ...accountRecords,
  ];
  const among = (place: string, said: (one: (typeof facts)[number]) => string): string =>
    `case ${place} ${facts.map((one) => `when '${one.name}' then '${said(one)}'`).join(" ")} else ${place} end`;
  return {
    contentTypeOf: (place) => among(place, ({ contentType }) => contentType),
    titleOf: (place) =>
      among(place, ({ contentType, label }) => `${appTitle(contentType)} | ${lowered(label)}`),
  };
}

/** "dcim.location" is of DCIM, "tenancy.tenant" of Tenancy. */
function appTitle(contentType: string): string {
  const [app = ""] = contentType.split(".");
  return app.length <= 4 ? app.toUpperCase() : app.charAt(0).toUpperCase() + app.slice(1);
}

/** A label within a sentence: "location type", "IP address". */
function lowered(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}
