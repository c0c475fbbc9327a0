import {
  type Canonical,
  InvalidInputError,
  keyLabel,
  type LoadContext,
  type RawRecord,
  RemoteSystemError,
  type Values,
} from "@plumbline/sync";
import { createHubLookup } from "./hub-lookup.ts";
import type { HubView } from "./hub-view.ts";
import type { Queryable } from "./inventory.ts";
import { keyOfValues } from "./key-parts.ts";
import { readRecords } from "./read-records.ts";
import type { Table } from "./table.ts";

type TakeBatch = (batch: readonly RawRecord[]) => Promise<readonly RawRecord[]>;

/** What a projection's load hooks make of records, a batch at a time; as they are where it has none. */
export function createLoadHooks(
  client: Queryable,
  view: HubView,
  { model }: Table,
  context: LoadContext,
): TakeBatch {
  const facts = view.projection(model.name);
  const hooks = Object.entries(facts?.load ?? {});
  if (facts === null || hooks.length === 0) return (batch) => Promise.resolve(batch);
  const lookup = createHubLookup(client, view.base);

  /** The value of one field, or why there is none. */
  async function valueOf(
    name: string,
    hook: (typeof hooks)[number][1],
    raw: RawRecord,
    record: Values,
  ): Promise<Canonical> {
    const value = record[name];
    const made = await hook(value, record, lookup);
    if (made === value) return raw.values[name] as Canonical;
    return model.field(name).normalise(made, view.schema.encodeReference);
  }

  return async (batch) => {
    const ids = batch.flatMap(({ id }) => id ?? []);
    const records = await readRecords(client, view.base, facts.of.name, ids);
    // All at once: what the hooks look up is asked together.
    const taken = batch.map(async (raw) => {
      const values: Record<string, Canonical> = { ...(raw.values as Values) };
      for (const [name, hook] of hooks) {
        try {
          values[name] = await valueOf(name, hook, raw, records.get(raw.id ?? "") ?? {});
        } catch (error) {
          const key = keyOfValues(model, values);
          const label = keyLabel(view.schema, model, key);
          if (!(error instanceof InvalidInputError)) {
            const reason = error instanceof Error ? error.message : String(error);
            throw new RemoteSystemError(
              `The load hook for ${name} failed at ${model.label} ${label}: ${reason}. Correct the projection.`,
              { cause: error },
            );
          }
          context.report({
            kind: "bad-value",
            model: model.name,
            key,
            label,
            field: name,
            value: null,
            message: `${model.label} ${label}: ${name} ${error.message}. It and its counterpart are left as they are.`,
            origin: null,
          });
          values[name] = null;
        }
      }
      const { id, version, origin } = raw;
      return model.canonical(values, { id, version, origin });
    });
    // Settled: a hook that fails must not leave others behind that still ask the hub.
    const settled = await Promise.allSettled(taken);
    return settled.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
  };
}
