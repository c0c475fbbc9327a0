import type { Logger } from "@plumbline/sync";
import type { Page, RemoteObject } from "./nautobot-api.ts";

export interface PageSource {
  readonly pageSize: number;
  /** Pages asked for at once. */
  readonly ahead: number;
  readonly logger: Logger;
  /** For messages: "prefixes". */
  readonly things: string;
  count(): Promise<number>;
  page(offset: number, limit: number): Promise<Page>;
  /** The ids of all objects as of one moment; null where the API has no such list. */
  ids(): Promise<readonly string[] | null>;
  /** The objects with these ids, without those that are gone. */
  byIds(ids: readonly string[]): Promise<readonly RemoteObject[]>;
}

export interface PagesRead {
  /** How many objects there are, by the last count. */
  readonly total: number;
  /** Why some of them may not have been given; null where all were. */
  readonly incomplete: string | null;
}

const mostPasses = 3;

/**
 * Reads all objects of a list, each once. Objects that come or go meanwhile shift the pages, so that some are
 * given twice and others not at all, even where their number stays. Pages therefore overlap by one object;
 * where they do not meet, or the number is another, the list is read again for what was missed.
 */
export async function* readPages(
  source: PageSource,
  firstTotal: number,
): AsyncGenerator<readonly RemoteObject[], PagesRead> {
  const seen = new Set<string>();
  let total = firstTotal;
  for (let pass = 1; ; pass++) {
    // All ids of one moment leave no gap, whatever the order; pages, where there is no such list.
    const ids = pass === 1 ? null : await source.ids();
    const { given, isWhole } =
      ids === null
        ? yield* readOnce(source, total, seen, pass === 1)
        : yield* readMissing(source, ids, seen);
    // What fits into one page was read as of one moment; a list that was empty when it was counted was not asked for.
    const isOfOneMoment = pass === 1 && isWhole && total > 0 && total < source.pageSize;
    const now = isOfOneMoment ? total : await source.count();
    if (isWhole && given === now) return { total: now, incomplete: null };
    if (pass === mostPasses) {
      return {
        total: now,
        incomplete: `The list of ${source.things} changed in Nautobot each of the ${mostPasses} times it was read (${now} counted, ${given} given at last). Run again when fewer changes are made there.`,
      };
    }
    source.logger.warning(
      `The list of ${source.things} changed while it was read (${total} at first, ${now} now); it is read again.`,
    );
    total = now;
  }
}

interface Pass {
  /** How many objects the list had. */
  readonly given: number;
  /** Whether the pages met, and no object came twice. */
  readonly isWhole: boolean;
}

type Objects = AsyncGenerator<readonly RemoteObject[], Pass>;

/** Page by page; gives what was not seen by an earlier pass. */
async function* readOnce(
  source: PageSource,
  total: number,
  seen: Set<string>,
  isFirst: boolean,
): Objects {
  const own = isFirst ? seen : new Set<string>();
  let isWhole = true;
  let last: string | undefined;
  for await (const { objects, overlaps } of readOverlapping(source, total)) {
    const meets = overlaps && objects[0]?.id === last;
    if (overlaps && !meets) isWhole = false;
    last = objects.at(-1)?.id;
    const fresh: RemoteObject[] = [];
    for (const object of meets ? objects.slice(1) : objects) {
      if (own.has(object.id)) isWhole = false;
      else if (isFirst || !seen.has(object.id)) fresh.push(object);
      own.add(object.id);
      seen.add(object.id);
    }
    if (fresh.length > 0) yield fresh;
  }
  return { given: own.size, isWhole: isWhole && own.size === total };
}

/** The objects of a list of ids that were not seen yet. One that is gone by now needs not be read. */
async function* readMissing(
  source: PageSource,
  ids: readonly string[],
  seen: Set<string>,
): Objects {
  const missing = ids.filter((id) => !seen.has(id));
  for (let start = 0; start < missing.length; start += source.pageSize) {
    const objects = await source.byIds(missing.slice(start, start + source.pageSize));
    for (const { id } of objects) seen.add(id);
    if (objects.length > 0) yield objects;
  }
  return { given: ids.length, isWhole: true };
}

/** Pages in their order, several under way; each but the first begins with the last object of the one before. */
async function* readOverlapping(
  source: PageSource,
  total: number,
): AsyncGenerator<{ readonly objects: readonly RemoteObject[]; readonly overlaps: boolean }> {
  if (total === 0) return;
  const first = await source.page(0, source.pageSize);
  yield { objects: first.objects, overlaps: false };
  const size = first.step;
  // A server that gives single objects leaves nothing to compare.
  const overlap = size > 1 ? 1 : 0;
  const pending: Promise<Page>[] = [];
  let end = size;
  try {
    while (end < total || pending.length > 0) {
      while (end < total && pending.length < source.ahead) {
        const page = source.page(end - overlap, size);
        // Awaited in turn; a failure before its turn is not an unhandled one.
        page.catch(() => undefined);
        pending.push(page);
        end += size - overlap;
      }
      const page = await pending.shift();
      if (page !== undefined) yield { objects: page.objects, overlaps: overlap === 1 };
    }
  } finally {
    await Promise.allSettled(pending);
  }
}
