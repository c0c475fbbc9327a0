import type { HubModel } from "@plumbline/models";
import type { HttpClient } from "@plumbline/plugin-kit";
import type { ApplyContext, Change, Outcome, OutcomeError, Schema, Writer } from "@plumbline/sync";
import { changeSets } from "./assigned-sets.ts";
import { inParallel } from "./in-parallel.ts";
import { createObjectFinder, hubModelOf } from "./object-finder.ts";
import { explainAbsent, explainRefusal } from "./refusals.ts";
import { differingField, referencesIn } from "./remote-fields.ts";
import { idOfRow, prepareRows, type Row, type RowContext } from "./rows.ts";
import { createBulkSender, type Sent } from "./send-in-bulk.ts";
import { findIds, findStaleObjects } from "./stale-objects.ts";
import { createTemplateMade } from "./template-made.ts";
import { createFieldGuide } from "./writable-fields.ts";

export interface NautobotWriterOptions {
  readonly name: string;
  /** One that may write. */
  readonly client: HttpClient;
  /** Of all models that what is written refers to. */
  readonly schema: Schema;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Objects in a request. */
  readonly writeSize: number;
  /** Unit of the pauses before it is read back what became of a write. */
  readonly pauseMs: number;
}

/**
 * Writes a Nautobot over REST, many objects in a request. Nautobot takes all of a request or nothing, so one that
 * is refused is divided until the bad objects stand alone. New objects get ids of our choosing: a create that is
 * sent twice is refused, instead of making two.
 */
export function createNautobotWriter(
  options: NautobotWriterOptions,
  { signal, logger }: ApplyContext,
): Writer {
  const { name, client, schema, writeSize } = options;
  const finder = createObjectFinder(client, name, schema);
  const sender = createBulkSender(client, name, { logger, signal, pauseMs: options.pauseMs });
  const guide = createFieldGuide(client);
  const context: RowContext = { name, schema, finder, guide };
  const templateMade = createTemplateMade(client, name, schema, finder);

  const refused = (change: Change, error: OutcomeError): Outcome => ({
    change,
    status: error.code === "stale" ? "stale" : "failed",
    targetId: null,
    error,
  });
  const applied = (change: Change, targetId: string | null): Outcome => ({
    change,
    status: "applied",
    targetId,
    error: null,
  });
  const gone = (change: Change): Outcome => refused(change, explainAbsent(name, change.label));

  async function create(hub: HubModel, rows: readonly Row[]): Promise<Outcome[]> {
    const made = await templateMade.find(
      hub,
      rows.map(({ change }) => change),
    );
    const [known, fresh] = divide(rows, ({ change }) => made.has(change.key));
    const adopted = known.map((row) => ({
      ...row,
      body: { ...row.body, id: made.get(row.change.key) },
    }));
    const outcomes = adopted.length > 0 ? await update(hub, adopted) : [];
    const sent = await sender.send(
      {
        method: "POST",
        path: hub.restPath,
        body: ({ body }: Row) => body,
        async findWritten(lost) {
          const there = await finder.which(hub.model.name, lost.map(idOfRow));
          return new Set(lost.filter((row) => there.has(idOfRow(row))));
        },
      },
      fresh,
    );
    return [...outcomes, ...(await settle(hub, sent))];
  }

  async function update(hub: HubModel, rows: readonly Row[]): Promise<Outcome[]> {
    // What is changed in assigned sets alone needs no request of its own.
    const [plain, setsOnly] = divide(rows, ({ body }) => Object.keys(body).length > 1);
    const sent = await sender.send(
      {
        method: "PATCH",
        path: hub.restPath,
        body: ({ body }: Row) => body,
        async findWritten(lost) {
          const idOf = await findIds(
            finder,
            referencesIn(
              hub,
              lost.map(({ change }) => change.after),
            ),
          );
          const there = await finder.read(hub.model.name, lost.map(idOfRow));
          return new Set(
            lost.filter((row) => {
              const object = there.get(idOfRow(row));
              const values = row.change.after ?? {};
              return object !== undefined && differingField(hub, object, values, idOf) === null;
            }),
          );
        },
      },
      plain,
    );
    const withSets = new Map<Row, Sent>([
      ...sent,
      ...setsOnly.map((row): [Row, Sent] => [row, { kind: "done", id: null }]),
    ]);
    return settle(hub, withSets);
  }

  async function remove(hub: HubModel, rows: readonly Row[]): Promise<Outcome[]> {
    // A list passes over ids that are not there.
    const there = await finder.which(hub.model.name, rows.map(idOfRow));
    const [present, absent] = divide(rows, (row) => there.has(idOfRow(row)));
    const sent = await sender.send(
      {
        method: "DELETE",
        path: hub.restPath,
        body: (row: Row) => ({ id: idOfRow(row) }),
        async findWritten(lost) {
          const left = await finder.which(hub.model.name, lost.map(idOfRow));
          return new Set(lost.filter((row) => !left.has(idOfRow(row))));
        },
      },
      present,
    );
    return [...absent.map(({ change }) => gone(change)), ...(await settle(hub, sent))];
  }

  /** Sets the members that stand apart, and says of each row what became of it. */
  async function settle(hub: HubModel, sent: ReadonlyMap<Row, Sent>): Promise<Outcome[]> {
    const done = [...sent].filter(([, one]) => one.kind === "done").map(([row]) => row);
    const rowOf = new Map(done.flatMap((row) => row.sets.map((set) => [set, row] as const)));
    const faults = await changeSets(client, sender, name, hub, [...rowOf.keys()]);
    const faultOf = new Map([...faults].map(([set, fault]) => [rowOf.get(set), fault] as const));
    const outcomes = [...sent].map(([row, one]): Outcome => {
      const { change, body } = row;
      const { action, label } = change;
      const write = { name, hub, action, label, body };
      if (one.kind === "absent") return gone(change);
      if (one.kind !== "done") return refused(change, explainRefusal(write, one));
      const id = (action === "create" ? one.id : null) ?? idOfRow(row);
      if (action === "create") {
        finder.remember(change.model, change.key, id);
        templateMade.note(hub, id);
      }
      const fault = faultOf.get(row);
      if (fault === undefined) return applied(change, id);
      const error = explainRefusal({ ...write, action: "update" }, fault.sent);
      const fact = `${label} was written, but not its ${fault.field}.`;
      return refused(change, { ...error, message: `${fact} ${error.message}`, field: fault.field });
    });
    if (done.some(({ change }) => freesKey(hub, change))) finder.forget();
    return outcomes;
  }

  const steps = { update, create, delete: remove };

  return {
    batchSize: writeSize * options.concurrency * 2,
    isTransactional: false,
    isolatesStale: true,
    async findStale(changes) {
      finder.forget();
      return findStaleObjects(schema, finder, changes);
    },
    async *apply(changes) {
      for (const action of ["update", "create", "delete"] as const) {
        const ofAction = changes.filter((change) => change.action === action);
        for (const [model, group] of Map.groupBy(ofAction, (change) => change.model)) {
          const hub = hubModelOf(model);
          const outcomes: Outcome[] = [];
          const rows = await prepareRows(context, hub, inOrder(hub, group), (change, error) => {
            outcomes.push(refused(change, error));
          });
          yield* outcomes;
          const parts: Row[][] = [];
          for (let start = 0; start < rows.length; start += writeSize) {
            parts.push(rows.slice(start, start + writeSize));
          }
          // Prefixes find their place in the tree by what is there: never two requests at once.
          const limit = hub.contentType === "ipam.prefix" ? 1 : options.concurrency;
          yield* inParallel(parts, limit, signal, (part) => steps[action](hub, part));
        }
      }
    },
  };
}

/** Larger prefixes before those within them: fewer that are already there must be moved below them. */
function inOrder(hub: HubModel, changes: readonly Change[]): readonly Change[] {
  if (hub.contentType !== "ipam.prefix") return changes;
  const length = ({ after }: Change): number => {
    const prefix = after?.["prefix"];
    return typeof prefix === "string" ? Number(prefix.split("/")[1]) : 0;
  };
  return changes.toSorted((one, other) => length(one) - length(other));
}

/** Whether the key that an object had may be another's after the change. */
function freesKey({ model }: HubModel, { action, fields }: Change): boolean {
  return action === "delete" || fields.some((field) => model.keyNames.includes(field));
}

function divide<T>(items: readonly T[], passes: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) (passes(item) ? yes : no).push(item);
  return [yes, no];
}
