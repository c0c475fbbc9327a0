import type { Logger } from "../adapter.ts";

/**
 * A logger that prints lines.
 * @param verbosity 0 for warnings and errors, 1 for information too, 2 for everything
 * @param print where a line goes; the console where absent
 */
export function createConsoleLogger(
  verbosity: 0 | 1 | 2 = 0,
  // eslint-disable-next-line no-console -- printing to the console is what it is asked for
  print: (line: string) => void = (line) => console.log(line),
): Logger {
  const write =
    (level: string, needed: number) =>
    (message: string, details: Record<string, unknown> = {}): void => {
      if (verbosity < needed) return;
      const facts = Object.entries(details)
        .filter(([, fact]) => fact !== undefined)
        .map(([name, fact]) => `${name}=${typeof fact === "string" ? fact : JSON.stringify(fact)}`);
      print([new Date().toISOString(), level, message, ...facts].join(" "));
    };
  return {
    debug: write("debug", 2),
    info: write("info", 1),
    warning: write("warning", 0),
    error: write("error", 0),
  };
}
