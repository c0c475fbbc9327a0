import type { HubModel } from "@plumbline/models";
import type { HttpClient } from "@plumbline/plugin-kit";
import type { Logger } from "@plumbline/sync";
import {
  countObjects,
  getRestPage,
  missingPermission,
  type Page,
  type Part,
  queryGraphql,
  type RemoteList,
  type RemoteObject,
  statusOf,
} from "./nautobot-api.ts";
import { type PagesRead, readPages } from "./read-pages.ts";

export interface ReaderOptions {
  /** What people call the Nautobot. */
  readonly name: string;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly logger: Logger;
}

/** What is read of a list. */
export interface ListRequest {
  readonly list: RemoteList;
  /** Objects in the list when it was last counted. */
  readonly total: number;
  /** Fields, in GraphQL's words. */
  readonly selection: string;
  /** Parameters of REST's lists. */
  readonly parameters: Readonly<Record<string, string>>;
}

export type ListRead = AsyncGenerator<readonly RemoteObject[], PagesRead>;

export interface ListReader {
  /** Reads over GraphQL, and everything over REST from the first query on that Nautobot refuses. */
  read(request: ListRequest): ListRead;
  /** Reads over GraphQL alone. @throws RefusedQuery */
  readGraphql(request: ListRequest): ListRead;
}

/** Nautobot does not answer such a query: GraphQL is not allowed, or this version lacks the list. */
export class RefusedQuery extends Error {
  readonly status: number;

  constructor(status: number, cause: Error) {
    super(cause.message, { cause });
    this.status = status;
  }
}

/** The list of a model's objects. */
export function listOf({ model, restPath, contentType }: HubModel): RemoteList {
  return {
    path: restPath,
    root: model.plural,
    things: model.pluralLabel,
    permission: contentType.replace(".", ".view_"),
  };
}

export function createListReader(client: HttpClient, options: ReaderOptions): ListReader {
  const { name, logger } = options;
  let usesRest = false;

  async function query(
    { list, total }: ListRequest,
    selection: string,
    part: Part,
  ): Promise<readonly RemoteObject[]> {
    let objects: readonly RemoteObject[];
    try {
      objects = await queryGraphql(client, name, list, selection, part);
    } catch (error) {
      const status = statusOf(error);
      if (status === null || ![400, 403, 404, 405].includes(status)) throw error;
      throw new RefusedQuery(status, error as Error);
    }
    const isFirstPage = part !== null && "offset" in part && part.offset === 0;
    if (isFirstPage && objects.length === 0 && total > 0) throw missingPermission(name, list);
    return objects;
  }

  /** Said once, though several pages under way are refused at once. */
  function turnToRest({ status, message }: RefusedQuery): void {
    if (usesRest) return;
    usesRest = true;
    logger.warning(
      `${name}: GraphQL is refused (${status}), so everything is read over REST, which is slower. ${message}`,
    );
  }

  /** The query's answer; undefined where everything is read over REST by now. */
  async function orRest<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (usesRest) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RefusedQuery)) throw error;
      turnToRest(error);
      return undefined;
    }
  }

  function readBy(
    request: ListRequest,
    attempt: <T>(work: () => Promise<T>) => Promise<T | undefined>,
  ): ListRead {
    const { list, selection, total, parameters } = request;
    const rest = (offset: number, limit: number): Promise<Page> =>
      getRestPage(client, name, list, parameters, offset, limit);
    return readPages(
      {
        // Pages overlap by one object.
        pageSize: Math.max(options.pageSize, 2),
        ahead: options.concurrency,
        logger,
        things: list.things,
        count: () => countObjects(client, name, list),
        // Pages of both ways do not meet, for each has an order of its own; the list is then read again.
        async page(offset, limit) {
          const objects = await attempt(() => query(request, selection, { offset, limit }));
          return objects === undefined ? rest(offset, limit) : { objects, step: limit };
        },
        async ids() {
          const objects = await attempt(() => query(request, "id", null));
          return objects?.map(({ id }) => id) ?? null;
        },
        byIds: (ids) => query(request, selection, { ids }),
      },
      total,
    );
  }

  return {
    read: (request) => readBy(request, orRest),
    readGraphql: (request) => readBy(request, (work) => work()),
  };
}
