// A list as CSV: the natural key first, related objects by theirs, nothing paged.
import { customFieldName } from "@plumbline/models";
import type { Context } from "hono";
import { customFieldsName } from "../../inventory/custom-fields/definitions.ts";
import { findField, idsIn } from "../../inventory/lists/list.ts";
import { answerExport } from "../export.ts";
import type { ListRequest } from "./list-request.ts";
import { noObject, nothing } from "./csv-input.ts";
import type { KeyCell } from "./natural-key.ts";
import { type ObjectContext, withoutRelated } from "./object-context.ts";
import { streamObjects } from "./read-objects.ts";
import { renderObject } from "./render-object.ts";
import { textOf } from "./value-faults.ts";
import { isHiddenSet, type Resource, type RestField } from "./resource.ts";
import { readRelated } from "./stored-objects.ts";

export async function answerCsv(
  context: Context,
  objects: ObjectContext,
  request: ListRequest,
): Promise<Response> {
  const { database, resources, resource } = objects;
  const depths = await treeDepths(objects, resource);
  const depthOf = (model: string): number => depths.get(model) ?? 0;
  const keyParts = resource.table?.model.keyNames ?? [];
  // A reference that is part of the key stands with the key.
  const shown = resource.fields.filter(
    (field) =>
      (request.showsSets || !isHiddenSet(field)) &&
      !(field.target !== null && keyParts.includes(field.name)),
  );
  const related = shown.filter(({ target, join }) => target !== null && join === null);
  const columnsOfKey = (of: Resource) => of.keyCells(null, depthOf).map(([column]) => column);
  const keyNames = columnsOfKey(resource);
  const columnsOf = (field: RestField): readonly string[] =>
    related.includes(field)
      ? columnsOfKey(resources.get(field.target ?? "")).map((name) => `${field.name}__${name}`)
      : [field.name];
  const own = shown.flatMap(columnsOf).filter((name) => !keyNames.includes(name));
  const custom = (objects.customFields.get(resource.contentType) ?? [])
    .map(({ key }) => key)
    .toSorted();

  async function* rows() {
    for await (const batch of streamObjects(database.pool, resources, resource, request)) {
      const options = withoutRelated(objects, request.showsSets);
      const others = await readRelated(database.pool, resources, batch, {
        ...{ depth: 1, showsSets: false },
      });
      yield batch.map((object) => {
        const rendered = renderObject(object, options);
        const cells: Record<string, unknown> = {
          ...Object.fromEntries(shown.map((field) => [field.name, cellOf(rendered[field.name])])),
          ...Object.fromEntries(resource.keyCells(object.key, depthOf).map(keyCell)),
        };
        for (const field of related) {
          const [id = ""] = idsIn(object.values[field.name]);
          const other = others.get(field.target ?? "")?.get(id);
          const { keyCells } = resources.get(field.target ?? "");
          for (const [name, value] of keyCells(other?.key ?? null, depthOf).map(keyCell)) {
            cells[`${field.name}__${name}`] ??= value;
          }
        }
        for (const name of ["display", "id", "object_type", "natural_slug"]) {
          cells[name] = rendered[name];
        }
        const values = (rendered[customFieldsName] ?? {}) as Readonly<Record<string, unknown>>;
        for (const key of custom) cells[customFieldName(key)] = customCell(values[key]);
        return cells;
      });
    }
  }
  const head = [...keyNames, "display", "id", "object_type", "natural_slug", ...own];
  head.push(...custom.map(customFieldName));
  return answerExport(context, "csv", `plumbline_${resource.name}_data`, head, rows());
}

function keyCell([column, value]: KeyCell): [column: string, value: string] {
  return [column, value === undefined ? noObject : (value ?? nothing)];
}

function cellOf(value: unknown): unknown {
  if (value === null || value === undefined) return nothing;
  if (Array.isArray(value)) {
    return value.map((one: unknown) => textOf(idOrValue(one))).join(",");
  }
  return idOrValue(value);
}

/** A list of words as words, other structures as JSON. */
function customCell(value: unknown): unknown {
  const isWords = Array.isArray(value) && value.every((one) => typeof one === "string");
  return isWords || typeof value !== "object"
    ? cellOf(value)
    : value === null
      ? nothing
      : textOf(value);
}

function idOrValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("value" in value) return value.value;
  return "id" in value ? value.id : value;
}

/** How deep the trees are that a resource or what it refers to belongs to. */
async function treeDepths(
  { database, resources }: ObjectContext,
  resource: Resource,
): Promise<Map<string, number>> {
  const involved = new Set([resource]);
  // The keys of what is referred to may reach further.
  for (const { fields } of involved) {
    for (const { target, join } of fields) {
      if (target !== null && join === null) involved.add(resources.get(target));
    }
  }
  const selects = [...involved].flatMap((tree) => {
    const parent = findField(tree, tree.treeField ?? "");
    if (!parent) return [];
    return `(with recursive down (id, depth) as (
        select t.id, 0 from ${tree.source} t where ${parent.place("t")} is null
        union all
        select c.id, down.depth + 1 from down join ${tree.source} c on ${parent.place("c")} = down.id
      ) select '${tree.name}' as model, coalesce(max(depth), 0) as depth from down)`;
  });
  if (selects.length === 0) return new Map();
  const { rows } = await database.pool.query<{ model: string; depth: number }>(
    selects.join(" union all "),
  );
  return new Map(rows.map(({ model, depth }) => [model, depth]));
}
