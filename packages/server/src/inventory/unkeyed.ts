import { keyLabel } from "@plumbline/sync";
import type { HubView } from "./hub-view.ts";
import type { Queryable } from "./inventory.ts";
import { keysById } from "./key-strings.ts";
import type { Table } from "./table.ts";

/** Objects of the hub that have no key in the view of a job: a part of it is empty, or has no key itself. */
export interface Unkeyed {
  readonly count: number;
  note(id: string): void;
  /** How many there are, and the first of them by name. */
  describe(client: Queryable): Promise<string>;
}

const mostNamed = 3;

export function createUnkeyed(view: HubView, { model }: Table, hubName: string): Unkeyed {
  const first: string[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    note(id) {
      count += 1;
      if (first.length < mostNamed) first.push(id);
    },
    async describe(client) {
      const { base } = view;
      const own = view.baseName(model.name);
      const names = [...(await keysById(client, base, own, first)).values()].map((key) =>
        keyLabel(base.schema, own, key),
      );
      const more = count > names.length ? ` and ${count - names.length} more` : "";
      return (
        `${count} ${count === 1 ? model.label : model.pluralLabel} of ${hubName} without ` +
        `${model.keyNames.join(" or ")}, which is the key here: ${names.join(", ")}${more}.`
      );
    },
  };
}
