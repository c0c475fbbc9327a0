import type { Logger } from "@plumbline/sync";

/**
 * Closes on the first SIGINT or SIGTERM and resolves when that is done; a second one ends the process
 * at once. Whatever is cut off then is found and declared lost at the next start.
 */
export async function stopOnSignals(
  running: { close(): Promise<void> },
  logger: Logger,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    resolve(signal);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const signal = await promise;
  logger.info(`Stopping (${signal}); runs at work are cancelled. Once more to stop at once.`);
  await running.close();
}
