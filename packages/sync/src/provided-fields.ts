import type { Adapter } from "./adapter.ts";
import type { Model } from "./model.ts";

/**
 * Names of the fields that a side gives of a model: those it says, of those that its own declaration has. The run
 * may know the model with more, which a side that does not know them neither gives nor empties.
 */
export function providedFields(
  adapter: Pick<Adapter, "models" | "provides">,
  model: Model,
): readonly string[] {
  const { names } = adapter.models.find(({ name }) => name === model.name) ?? model;
  const said = adapter.provides?.(model);
  return said === undefined ? names : said.filter((name) => names.includes(name));
}
