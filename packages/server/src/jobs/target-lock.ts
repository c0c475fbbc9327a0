import pg from "pg";

/** The right to work on a target, held on a connection of its own: it goes with the process that holds it. */
export interface TargetLock {
  release(): Promise<void>;
}

export interface LockRequest {
  readonly connectionString: string;
  /** Runs with the same name touch the same target. */
  readonly name: string;
  /** Dry runs only read: any number at a time, and none while a run writes. */
  readonly isShared: boolean;
  /** Called once when another run holds the target, before waiting for it. */
  readonly onWait: () => Promise<void>;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Takes the lock on a target, waiting for its turn; turns come in the order of asking.
 * Null when the signal ended the waiting.
 */
export async function takeTargetLock(request: LockRequest): Promise<TargetLock | null> {
  const client = new pg.Client({
    connectionString: request.connectionString,
    application_name: "plumbline target lock",
    keepAlive: true,
  });
  // Losing the connection loses the lock; the fence of the run guards what is written.
  client.on("error", () => undefined);
  await client.connect();
  const shared = request.isShared ? "_shared" : "";
  const key = "hashtextextended('plumbline target ' || $1, 0)";
  const release = async (): Promise<void> => {
    await client.end().catch(() => undefined);
  };
  try {
    const { rows } = await client.query<{ taken: boolean; pid: number }>(
      `select pg_try_advisory_lock${shared}(${key}) as taken, pg_backend_pid() as pid`,
      [request.name],
    );
    const first = rows[0];
    if (first?.taken === true) return { release };
    await request.onWait();
    if (request.signal.aborted || first === undefined) {
      await release();
      return null;
    }
    const stopWaiting = (): void => void cancelWaiting(request.connectionString, first.pid);
    request.signal.addEventListener("abort", stopWaiting, { once: true });
    try {
      await client.query(`select pg_advisory_lock${shared}(${key})`, [request.name]);
    } finally {
      request.signal.removeEventListener("abort", stopWaiting);
    }
    return { release };
  } catch (error) {
    await release();
    if (request.signal.aborted) return null;
    throw error;
  }
}

async function cancelWaiting(connectionString: string, pid: number): Promise<void> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select pg_cancel_backend($1)", [pid]);
  } catch {
    // Without the database there is no waiting to end either: that connection is lost as well.
  } finally {
    await client.end().catch(() => undefined);
  }
}
