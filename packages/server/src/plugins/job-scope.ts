import { describeScope, type Schema, type Scope } from "@plumbline/sync";
import type { DataSyncJob, VariableValues } from "@plumbline/plugin-kit";

/** A scope as a page shows it: "Devices: role is leaf". */
export function scopeLines(schema: Schema, scope: Scope | null): readonly string[] {
  return describeScope(schema, scope).map(
    ({ model, text }) => `${schema.model(model).pluralLabel}: ${text}`,
  );
}

/** A job's scope as far as it is known before a run: with what its form offers. */
export function describeJobScope(job: DataSyncJob, schema: Schema): readonly string[] {
  if (job.scope === null) return [];
  const offered: VariableValues = Object.fromEntries(
    Object.entries(job.variables).map(([name, each]) => [name, each.default]),
  );
  try {
    const lines = scopeLines(schema, job.scope(offered));
    return lines.length > 0 ? lines : ["Everything, unless the inputs of a run narrow it"];
  } catch {
    // Without the inputs of a run it cannot be said; a run says what is wrong with it.
    return ["As the inputs of a run say"];
  }
}
