/** What went wrong, by meaning. A code is stable: command line, REST answers and documents refer to it. */
export type ErrorCode =
  | "invalid-input"
  | "invalid-declaration"
  | "not-found"
  | "conflict"
  | "not-allowed"
  | "remote-system"
  | "unsupported"
  | "limit-exceeded"
  | "cancelled"
  | "stale";

/**
 * Base of every error that Plumbline raises on purpose. The message names the thing, the fact and the
 * next step, and never holds a secret.
 */
export class PlumblineError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }
}

type Options = { cause?: unknown; details?: Record<string, unknown> };

/** A value, a file or a request that a person can correct. */
export class InvalidInputError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("invalid-input", message, options);
  }
}

/** A model, job or plugin that contradicts itself. Raised while declaring, never during a run. */
export class InvalidDeclarationError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("invalid-declaration", message, options);
  }
}

/** Something asked for by its name or id is not there. */
export class NotFoundError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("not-found", message, options);
  }
}

/** What is there already forbids it. */
export class ConflictError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("conflict", message, options);
  }
}

/** The account or token may not do it. */
export class NotAllowedError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("not-allowed", message, options);
  }
}

/** Another system refused, failed or answered nonsense. */
export class RemoteSystemError extends PlumblineError {
  readonly isRetryable: boolean;

  constructor(message: string, options: Options & { isRetryable?: boolean } = {}) {
    super("remote-system", message, options);
    this.isRetryable = options.isRetryable ?? false;
  }
}

/**
 * Thrown by a writer where its system is gone, so that nothing can be said of any change: it ends the apply, and what
 * has no outcome by then counts as not tried, or as sent and not heard of. Resuming does the rest.
 */
export class InterruptedError extends RemoteSystemError {
  constructor(message: string, options?: Options) {
    super(message, { ...options, isRetryable: true });
  }
}

/** The adapter or system cannot do what was asked; said before a run, never ignored in it. */
export class UnsupportedOperationError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("unsupported", message, options);
  }
}

/** More was asked for than a limit allows. */
export class LimitExceededError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("limit-exceeded", message, options);
  }
}

/** The run was cancelled, so the work stopped. */
export class CancelledError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("cancelled", message, options);
  }
}

/** The plan no longer fits the target: an object it touches has changed since. */
export class StalePlanError extends PlumblineError {
  constructor(message: string, options?: Options) {
    super("stale", message, options);
  }
}
