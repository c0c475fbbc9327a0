import { type DataSyncJob, projectionOf } from "@plumbline/plugin-kit";
import { InvalidDeclarationError } from "@plumbline/sync";
import { createHubView } from "../inventory/hub-view.ts";
import { createInventory } from "../inventory/inventory.ts";

/**
 * What can be known of a job's hub side before it runs: that the hub has what its projections are views of,
 * and that it can create what they give.
 * @throws InvalidDeclarationError, UnsupportedOperationError
 */
export function checkHubSide(job: Pick<DataSyncJob, "models" | "direction">): void {
  createHubView(createInventory(), job.models);
  if (job.direction !== "source") return;
  for (const model of job.models) {
    const projection = projectionOf(model);
    // What a function gives is known when it has been asked.
    if (projection === null || projection.create !== null || projection.write !== null) continue;
    const { of, where } = projection;
    const given = new Set([
      ...model.names,
      ...where.flatMap((condition) => ("is" in condition ? [condition.field] : [])),
    ]);
    const missing = of.names.filter((name) => {
      const { isNullable, isDerived, facts } = of.field(name);
      return !given.has(name) && !isNullable && !isDerived && facts.default === undefined;
    });
    if (missing.length === 0) continue;
    throw new InvalidDeclarationError(
      `The projection ${model.name} has no ${missing.join(", ")}, which a new ${of.label} of the hub needs. ` +
        "Add it to the fields, or give it in `create`.",
    );
  }
}
