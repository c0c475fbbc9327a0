import type { Logger } from "@plumbline/sync";
import { listen } from "../database/notify.ts";
import type { AnnouncedKind } from "../syncs/announce.ts";

/** Something changed: whoever shows it reads it anew. */
export interface Announced {
  readonly kind: AnnouncedKind;
  readonly id: string;
}

/** What this process hears from the database of runs anywhere, handed to whoever follows. */
export interface EventFeed {
  /**
   * @param listener Gets what is announced, and null when announcements may have been missed.
   * @returns the function that ends it.
   */
  subscribe(listener: (announced: Announced | null) => void): () => void;
  close(): Promise<void>;
}

/** Listens on one connection for all that follow. */
export async function openEventFeed(
  database: { readonly connectionString: string },
  logger: Logger,
): Promise<EventFeed> {
  const listeners = new Set<(announced: Announced | null) => void>();
  const tell = (announced: Announced | null): void => {
    for (const listener of listeners) listener(announced);
  };
  const connection = await listen(database, {
    channels: ["plumbline_event"],
    onNotification: ({ payload }) => tell(JSON.parse(payload) as Announced),
    onListening: () => tell(null),
    logger,
  });
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => connection.close(),
  };
}
