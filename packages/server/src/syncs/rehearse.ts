import type pg from "pg";
import { apply, createDependants, type Outcome, type Schema } from "@plumbline/sync";
import { redact } from "@plumbline/plugin-kit";
import { createHubView } from "../inventory/hub-view.ts";
import { createHubRehearsal } from "../inventory/hub-writer.ts";
import { createInventory } from "../inventory/inventory.ts";
import { copyRows } from "./copy-rows.ts";
import { FencedError, inRunTransaction } from "./fence.ts";
import { plannedChangesOf } from "./planned-changes.ts";
import { countOpen, readPlan } from "./read-plan.ts";
import type { RecordedChange } from "./record-plan.ts";
import type { RunContext } from "./run-context.ts";
import { keptMessage } from "./kept-message.ts";

/**
 * Of what is held or rejected so much is tried as well: it takes about as long as applying it, for changes that mostly
 * stay as they are.
 */
const mostWithheld = 10_000;
/** More than a plan has ranks: what is withheld gets ranks of its own, and so batches of its own. */
const withheldRanks = 1_000_000;

/** One at a time: two that try the same names would wait for each other's end, or for each other. */
const rehearsalLock = "select pg_advisory_xact_lock(hashtext('plumbline rehearsal'))";

/**
 * Tries every open change of a dry run's plan against the hub's rules, in one transaction that is rolled back, and
 * records what the hub would refuse: what applying the plan would fail with, as far as the hub stays as it is. After
 * them, so that none of them meets it, what people may let through is tried.
 * @returns how many open changes would not be applied
 */
export async function rehearse(context: RunContext, schema: Schema): Promise<number> {
  const { database, job, request, log, signal } = context;
  const open = await countOpen(database, request.syncId);
  const withheld = await countOpen(database, request.syncId, "withheld");
  const total = open + Math.min(withheld, mostWithheld);
  if (total === 0) return 0;
  const phase = await context.progress.start("rehearsal", total);
  const view = createHubView(createInventory(), job.models);
  const client = await database.pool.connect();
  /** Where the trying ended before all of it was tried. */
  let lastWithheld: number | null = null;
  let refused = 0;
  let refusedOpen = 0;
  let done = 0;
  let isBroken = false;

  async function* changes(): AsyncGenerator<RecordedChange[]> {
    yield* readPlan(database, request.syncId);
    if (withheld === 0) return;
    // What needs something that nobody can let through, cannot be let through itself.
    const barred = createDependants(schema);
    for await (const page of readPlan(database, request.syncId, "barred")) {
      page.forEach((change) => barred.note(change));
    }
    let left = mostWithheld;
    for await (const page of readPlan(database, request.syncId, "withheld")) {
      const free = page.filter((change) => {
        const isFree = barred.blockerOf(change) === null;
        if (!isFree) barred.note(change);
        return isFree;
      });
      const part = free.slice(0, left);
      left -= part.length;
      yield part.map((change) => ({ ...change, rank: withheldRanks + change.rank }));
      if (left > 0) continue;
      lastWithheld = part.at(-1)?.position ?? null;
      return;
    }
  }

  try {
    await client.query("begin");
    await client.query(rehearsalLock);
    const { userName, jobResultId, syncId } = request;
    const author = { userName, jobResultId, syncId, findPlanned: plannedChangesOf(syncId) };
    const writer = createHubRehearsal(client, view, author);
    for await (const outcomes of apply(changes(), writer, { schema, signal })) {
      signal.throwIfAborted();
      const refusals = outcomes.filter(({ status }) => status !== "applied");
      refused += refusals.length;
      refusedOpen += refusals.filter(({ change }) => change.rank < withheldRanks).length;
      if (refusals.length > 0) await record(context, refusals);
      done += outcomes.length;
      phase.advance(done, total);
    }
  } catch (error) {
    if (signal.aborted || error instanceof FencedError) throw error;
    // The plan stands without it, and is not called rehearsed.
    const reason = redact(error instanceof Error ? error.message : String(error));
    log.write("warning", "rehearsal", `The plan could not be rehearsed: ${reason}`);
    await forget(context);
    return 0;
  } finally {
    await client.query("rollback").catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
  await inRunTransaction(database, request, (run) =>
    run.query(
      `update sync set rehearsed_revision = decisions_revision, rehearsed_count = $2, rehearsed_to = $3
        where id = $1`,
      [request.syncId, done, lastWithheld],
    ),
  );
  await phase.finish();
  const all = done === open ? `${done}` : `${open} open and ${done - open} held or rejected`;
  if (refused === 0) log.write("success", "rehearsal", `The hub would take all ${all} changes`);
  else {
    log.write(
      "warning",
      "rehearsal",
      `The hub would not take ${refused} of ${all} changes; the plan says why of each`,
    );
  }
  return refusedOpen;
}

async function forget({ database, request }: RunContext): Promise<void> {
  await inRunTransaction(database, request, (client) =>
    client.query("delete from sync_rehearsal where sync_id = $1", [request.syncId]),
  );
}

async function record(
  { database, request }: RunContext,
  refusals: readonly Outcome<RecordedChange>[],
): Promise<void> {
  await inRunTransaction(database, request, (client: pg.ClientBase) =>
    copyRows(
      client,
      "sync_rehearsal",
      [
        "sync_id",
        "position",
        "status",
        "error_code",
        "error_message",
        "error_field",
        "error_value",
      ],
      refusals.map(({ change, status, error }) => [
        request.syncId,
        change.position,
        status,
        error?.code ?? "unknown",
        keptMessage(error?.message ?? ""),
        error?.field ?? null,
        error?.value == null ? null : redact(error.value).slice(0, 200),
      ]),
    ),
  );
}
