import { NotAllowedError } from "@plumbline/sync";
import { setWriteGate, type WriteGate } from "@plumbline/plugin-kit";
import type { JobLog } from "./job-log.ts";

/** The gate of a run: closed but for its apply step. */
export interface RunGate extends WriteGate {
  /** @throws NotAllowedError once a write was refused, whatever its author made of that */
  throwIfRefused(): void;
}

/** Closes the gate of this process, which is the run's; every write that is refused is in its log. */
export function closeGate(log: Pick<JobLog, "write">): RunGate {
  let refused: string | null = null;
  const gate: RunGate = {
    isOpen: false,
    onRefused(message) {
      refused ??= message;
      log.write("error", "run", message);
    },
    throwIfRefused() {
      if (refused !== null) throw new NotAllowedError(refused);
    },
  };
  setWriteGate(gate);
  return gate;
}
