import { InvalidInputError, NotAllowedError, RemoteSystemError } from "@plumbline/sync";
import type { PlumblineError } from "@plumbline/sync";

/** Where a connection goes, without its password. */
export type ConnectionTarget = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
};

/** Says in our words why a connection to DATABASE_URL failed, and what to do about it. */
export function explainConnectionError(error: unknown, target: ConnectionTarget): PlumblineError {
  const { host, port, user, database } = target;
  const server = host.startsWith("/") ? `socket directory ${host}` : `${host}:${port}`;
  const { code, message } = readError(error);
  const invalid = (text: string): PlumblineError => new InvalidInputError(text, { cause: error });
  const remote = (text: string): PlumblineError =>
    new RemoteSystemError(text, { cause: error, isRetryable: true });
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return invalid(
        `DATABASE_URL names the host ${host}, which is not known here. Check the name.`,
      );
    case "ECONNREFUSED":
    case "ENOENT":
      return remote(
        `No PostgreSQL answers at ${server}, where DATABASE_URL points. Check host and port, and that the server runs.`,
      );
    case "EACCES":
      return remote(
        `This account may not use the ${server} of DATABASE_URL. Check its permissions.`,
      );
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return remote(`The PostgreSQL server ${server} of DATABASE_URL cannot be reached (${code}).`);
    case "28P01":
      return invalid(
        `PostgreSQL at ${server} refused the password of user ${user}. Check user and password in DATABASE_URL.`,
      );
    case "28000":
      return invalid(
        `PostgreSQL at ${server} does not let user ${user} in: ${message}. Check the user in DATABASE_URL and the server's pg_hba.conf.`,
      );
    case "3D000":
      return invalid(
        `There is no database ${database} at ${server}. Create it (createdb -O ${user} ${database}) or correct DATABASE_URL.`,
      );
    case "42501":
      return new NotAllowedError(
        `User ${user} may not connect to database ${database} at ${server}. ` +
          `As its owner run: GRANT CONNECT, CREATE ON DATABASE "${database}" TO "${user}".`,
        { cause: error },
      );
    case "53300":
      return remote(
        `PostgreSQL at ${server} has no connection left (max_connections). Try again later or raise it.`,
      );
    case "57P03":
      return remote(`PostgreSQL at ${server} is starting or stopping. Try again in a moment.`);
  }
  if (/password must be a string|no password|empty password/i.test(message)) {
    return invalid(
      `PostgreSQL at ${server} asks for a password of user ${user}, and DATABASE_URL has none. ` +
        `Write it as postgres://${user}:password@${host}:${port}/${database}.`,
    );
  }
  if (/timeout/i.test(message)) {
    return remote(`The PostgreSQL server ${server} of DATABASE_URL did not answer in time.`);
  }
  if (/SSL|certificate/i.test(message) || code.startsWith("ERR_TLS") || code.includes("CERT")) {
    return invalid(
      `The encrypted connection to PostgreSQL at ${server} failed: ${message}. Check sslmode and sslrootcert in DATABASE_URL.`,
    );
  }
  return remote(`The connection to PostgreSQL at ${server} failed: ${message || code}.`);
}

function readError(error: unknown): { code: string; message: string } {
  // Node tries every address of a host name and reports the failures together.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code, message } = first as { code?: string; message?: string };
  return { code: code ?? "", message: message ?? "" };
}
