/** The address of another database on the same server. */
export function databaseAddress(serverUrl: string, database: string): string {
  return serverUrl.replace(
    /^(postgres(?:ql)?:\/\/[^/?]*)(?:\/[^?]*)?/,
    (_, server: string) => `${server}/${database}`,
  );
}
