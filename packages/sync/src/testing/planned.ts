import type { Adapter, LoadContext } from "../adapter.ts";
import type { PlannedChange } from "../change.ts";
import { set } from "../collection-fields.ts";
import { defineModel } from "../define-model.ts";
import type { Finding } from "../finding.ts";
import { loadSide } from "../load-side.ts";
import { createMemoryStore } from "../memory-store.ts";
import { plan, type PlanOptions, type PlanSummary } from "../plan.ts";
import type { RawRecord } from "../record.ts";
import { ref } from "../reference-field.ts";
import { integer, text } from "../scalar-fields.ts";
import { createSchema } from "../schema.ts";

export const Tenant = defineModel("tenant", {
  key: { name: text() },
  fields: { note: text().default("") },
});
export const Location = defineModel("location", {
  key: { name: text(), parent: ref("location").nullable() },
  parent: "parent",
  fields: {
    size: integer().nullable(),
    tenants: set(ref("tenant")).default([]),
  },
});
/** Tenants, and a tree of locations that name some. */
export const schema = createSchema([Location, Tenant]);

/** Records, told of the load as an adapter is. */
export type Give = (context: LoadContext) => readonly RawRecord[];
export interface Planned {
  readonly changes: readonly PlannedChange[];
  readonly summary: PlanSummary;
  readonly findings: readonly Finding[];
  /** How many changes came at a time. */
  readonly sizes: readonly number[];
}

/** A plan of both sides and all that was found; deletes are asked for, and without a ceiling. */
export async function planned(
  source: readonly RawRecord[] | Give,
  target: readonly RawRecord[] | Give,
  options: Partial<PlanOptions> & { provides?: Record<string, string[]> } = {},
): Promise<Planned> {
  const store = createMemoryStore(schema);
  const findings: Finding[] = [];
  const onFinding = (finding: Finding): void => void findings.push(finding);
  const load = (side: "source" | "target", give: readonly RawRecord[] | Give) => {
    const adapter: Adapter = {
      name: side,
      models: schema.models,
      async *load(context) {
        yield typeof give === "function" ? give(context) : give;
      },
    };
    const provides = side === "source" ? options.provides : undefined;
    if (provides) adapter.provides = ({ name, names }) => provides[name] ?? names;
    return loadSide(adapter, { side, schema, store, onFinding });
  };
  const loaded = { source: await load("source", source), target: await load("target", target) };
  const stream = plan(store, schema, {
    asksDeletes: true,
    ceiling: null,
    onFinding,
    ...loaded,
    ...options,
  });
  const changes: PlannedChange[] = [];
  const sizes: number[] = [];
  for await (const batch of stream) {
    changes.push(...batch);
    sizes.push(batch.length);
  }
  return { changes, summary: stream.summary, findings, sizes };
}

/** "update Germany size (needs-held)" */
export const brief = ({ changes }: Planned): string[] =>
  changes.map(
    ({ action, label, fields, hold }) =>
      [action, label, ...fields].join(" ") + (hold ? ` (${hold.guard})` : ""),
  );
export const tenants = (...names: string[]): RawRecord[] =>
  names.map((name) => Tenant.record({ name }));
/** A location whose size cannot be read. */
export const spoilt = (record: RawRecord): RawRecord => ({
  ...record,
  values: { ...record.values, size: "many" },
});
