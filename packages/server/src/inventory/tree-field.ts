import type { Model } from "@plumbline/sync";

/** The reference that makes a tree of a model's own records: its parent, declared or derived. */
export function treeFieldOf(model: Model): string | null {
  const isOwn = (name: string) => model.field(name).facts.target === model.name;
  if (model.parent !== null && isOwn(model.parent)) return model.parent;
  return model.names.find((name) => model.field(name).isDerived && isOwn(name)) ?? null;
}
