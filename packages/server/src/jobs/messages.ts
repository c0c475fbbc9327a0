import type { Installation } from "../plugins/installation.ts";

/** What the worker tells a run's process first. Over IPC: the address of the database is no argument to list. */
export interface StartMessage {
  readonly type: "start";
  readonly connectionString: string;
  readonly installation: Installation;
  readonly dataDirectory: string;
  readonly jobResultId: string;
  readonly fence: number;
}

/** Stop writing, record what was done, end. */
export interface CancelMessage {
  readonly type: "cancel";
  readonly reason: string;
}

export type WorkerMessage = StartMessage | CancelMessage;

/** What a run's process tells its worker: it writes to its target no more, and records its end. */
export interface RunMessage {
  readonly type: "ending";
}
