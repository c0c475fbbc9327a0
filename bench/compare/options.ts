import { parseArgs } from "node:util";
import type { Profile, Shape, Side } from "./records.ts";
import type { RunOptions } from "./measured-run.ts";

/** The package's main entry, or its `/diffsync`. */
export type EntryName = "native" | "diffsync";

export interface CompareOptions extends RunOptions {
  readonly entry: EntryName;
  readonly repeat: number;
  readonly isJson: boolean;
  /** Print the records of a side and stop. */
  readonly records: Side | null;
  /** Measure in this very process, once. */
  readonly isChild: boolean;
}

const usage = `Usage: npm run bench -- [--entry native|diffsync] [--shape flat|tree] [--size N] [--profile canonical|mixed]
                        [--repeat R] [--verify] [--json] [--records source|destination]`;

/** Reads the arguments; ends the process with the usage where they are wrong. */
export function readOptions(): CompareOptions {
  try {
    return parse();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(2);
  }
}

function parse(): CompareOptions {
  const { values } = parseArgs({
    options: {
      shape: { type: "string", default: "flat" },
      size: { type: "string", default: "10000" },
      profile: { type: "string", default: "canonical" },
      entry: { type: "string", default: "native" },
      repeat: { type: "string", default: "3" },
      verify: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      records: { type: "string" },
      child: { type: "boolean", default: false },
    },
  });
  return {
    shape: oneOf<Shape>("shape", values.shape, ["flat", "tree"]),
    profile: oneOf<Profile>("profile", values.profile, ["canonical", "mixed"]),
    entry: oneOf<EntryName>("entry", values.entry, ["native", "diffsync"]),
    size: positive("size", values.size),
    repeat: positive("repeat", values.repeat),
    verifies: values.verify,
    isJson: values.json,
    records:
      values.records === undefined
        ? null
        : oneOf<Side>("records", values.records, ["source", "destination"]),
    isChild: values.child,
  };
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Error(`--${name} is one of ${allowed.join(", ")}`);
  return found;
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} is a whole number`);
  return number;
}
