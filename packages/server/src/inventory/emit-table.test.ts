import { defineHubModel } from "@plumbline/models";
import { defineModel, ref, text } from "@plumbline/sync";
import { describe, expect, it } from "vitest";
import { emitTables } from "./emit-table.ts";

const facts = {
  group: "Devices",
  listFields: ["name"],
  searchFields: ["name"],
} as const;

function tableOf(sort: readonly string[]): string {
  const Shelf = defineModel("shelf", {
    key: { rack: ref("rack"), name: text({ maxLength: 50, order: "natural" }) },
    fields: { alias: text({ maxLength: 50, order: "interface" }).nullable() },
  });
  const hubModel = { ...facts, model: Shelf, contentType: "dcim.shelf", restPath: "dcim/shelves" };
  return emitTables([defineHubModel({ ...hubModel, sort })]);
}

describe("a text that is not ordered by code point", () => {
  it("has a column beside it that the database fills", () => {
    const table = tableOf(["rack", "name"]);
    expect(table).toContain(
      `name_order text collate "C" not null generated always as (natural_order(name)) stored`,
    );
    expect(table).toContain(
      `alias_order text collate "C" generated always as (interface_order(alias)) stored`,
    );
  });

  it("has an index for its order and one for its values", () => {
    const table = tableOf(["rack", "name"]);
    expect(table).toContain("create index shelfs_alias on shelfs (alias);");
    expect(table).toContain("create index shelfs_alias_order on shelfs (alias_order, id);");
    expect(table).toContain("create index shelfs_name on shelfs (name);");
    expect(table).toContain("create index shelfs_name_order on shelfs (name_order, id);");
  });

  it("orders what is alike in the rest of the key, which no list is then paged by", () => {
    const byKey = tableOf(["rack", "name"]);
    expect(byKey).toContain("create index shelfs_sort on shelfs (rack_id, name_order, id);");
    expect(byKey).toMatch(/shelfs_key unique .*\(rack_id, name\) deferrable/);
    expect(byKey).not.toContain("index shelfs_rack ");

    const byName = tableOf(["name"]);
    expect(byName).toContain("create index shelfs_sort on shelfs (name_order, id);");
    expect(byName).toContain("create index shelfs_rack on shelfs (rack_id, name_order, id);");
    expect(byName).not.toContain("index shelfs_name_order ");
  });
});
