/**
 * Whether what runs in this process may write another system. A run closes the gate before it opens its adapters
 * and opens it in the apply step alone; where there is no gate, as in a script of one's own, writes are free.
 */
export interface WriteGate {
  isOpen: boolean;
  /** Told of a write that was tried while the gate was closed, with what the caller was told. */
  onRefused(message: string): void;
}

// A plugin may have a copy of this package of its own.
const place = Symbol.for("plumbline.write-gate");
const holder = globalThis as { [place]?: WriteGate | null };

/** Sets the gate of this process; null for none. */
export function setWriteGate(gate: WriteGate | null): void {
  holder[place] = gate;
}

/** The gate of this process where it is closed. */
export function closedGate(): WriteGate | null {
  const gate = holder[place] ?? null;
  return gate === null || gate.isOpen ? null : gate;
}
