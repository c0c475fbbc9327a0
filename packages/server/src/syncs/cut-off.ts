import type pg from "pg";

/** The name by which the connections of a run's process are known to the database. */
function connectionNameOf(jobResultId: string): string {
  return `plumbline run ${jobResultId}`;
}

/** The connection string with the run's name in it. */
export function nameConnection(connectionString: string, jobResultId: string): string {
  const separator = connectionString.includes("?") ? "&" : "?";
  const name = encodeURIComponent(connectionNameOf(jobResultId));
  return `${connectionString}${separator}application_name=${name}`;
}

/**
 * Ends the database connections of a run's process, with the transactions open on them. A process that
 * hangs in the middle of one would otherwise keep everybody who wants to end its run waiting.
 */
export async function cutOffRun(
  executor: Pick<pg.ClientBase | pg.Pool, "query">,
  jobResultId: string,
): Promise<void> {
  await executor.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = $1`,
    [connectionNameOf(jobResultId)],
  );
}
