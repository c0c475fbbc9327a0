import { MultiBar, Presets, type SingleBar } from "cli-progress";

/** Progress bars at the foot of the terminal, with lines of text above them, on standard error. */
export interface TerminalBars {
  /** Sets a bar, and adds it at its first time. */
  set(label: string, progress: { done: number; total: number }): void;
  line(text: string): void;
  close(): void;
}

const labelWidth = 11;

export function createTerminalBars(): TerminalBars {
  const bars = new MultiBar(
    {
      stream: process.stderr,
      format: "{label} {bar} {value}/{total}",
      clearOnComplete: true,
      // Nothing to put right on the terminal when a second Ctrl-C ends the process.
      linewrap: true,
    },
    Presets.shades_classic,
  );
  const byLabel = new Map<string, SingleBar>();
  return {
    set(label, { done, total }) {
      const bar = byLabel.get(label) ?? bars.create(0, 0, { label: label.padEnd(labelWidth) });
      byLabel.set(label, bar);
      bar.setTotal(Math.max(total, done));
      bar.update(done);
    },
    line(text) {
      // Without a bar there is nobody to redraw, and lines would wait for ever.
      if (byLabel.size === 0) process.stderr.write(`${text}\n`);
      else bars.log(`${text}\n`);
    },
    close() {
      if (byLabel.size === 0) return;
      bars.update(); // writes the lines that still wait
      bars.stop();
    },
  };
}
