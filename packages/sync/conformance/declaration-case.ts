import { describeError } from "./case-error.ts";
import type { ConformanceCase, Observed } from "./case-format.ts";
import { declareAdapter, declareModel } from "./case-models.ts";

/** Declares the models and the adapter of a case. */
export function runDeclarationCase(given: ConformanceCase): Observed {
  try {
    const models = (given.models ?? []).map(declareModel);
    declareAdapter(given.adapterName ?? "Adapter", models, given.topLevel ?? [], given.slots);
    return { error: null };
  } catch (error) {
    return { error: describeError("declaration", error) };
  }
}
