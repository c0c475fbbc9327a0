import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { InvalidInputError } from "@plumbline/sync";

const revealed = new Set<string>();

/** A value that must not be shown. Printing, logging or serialising it yields "(secret)". */
export class Secret {
  readonly #read: () => string;
  /** Where the value comes from, for messages: "environment variable NAUTOBOT_TOKEN". */
  readonly origin: string;

  constructor(origin: string, read: () => string) {
    this.origin = origin;
    this.#read = read;
  }

  /** The value itself. @throws InvalidInputError naming the origin when there is none. */
  reveal(): string {
    const value = this.#read();
    if (value.length >= 4) revealed.add(value);
    return value;
  }

  toString(): string {
    return "(secret)";
  }

  toJSON(): string {
    return "(secret)";
  }

  [inspect.custom](): string {
    return "(secret)";
  }
}

/** A secret in an environment variable, read when it is used. */
export function fromEnvironment(variable: string): Secret {
  return new Secret(`environment variable ${variable}`, () => {
    const value = process.env[variable];
    if (!value) {
      throw new InvalidInputError(
        `The environment variable ${variable} is not set; set it where Plumbline runs, or change the connection's secret.`,
      );
    }
    return value;
  });
}

/** A secret in a file (a mounted secret, say); surrounding white space is dropped. Read when it is used. */
export function fromFile(path: string): Secret {
  return new Secret(`file ${path}`, () => {
    let value: string;
    try {
      value = readFileSync(path, "utf8").trim();
    } catch (cause) {
      throw new InvalidInputError(
        `The secret's file ${path} cannot be read; check the path and its permissions.`,
        { cause },
      );
    }
    if (!value) throw new InvalidInputError(`The secret's file ${path} is empty.`);
    return value;
  });
}

/** The text with every secret revealed so far in this process replaced. For the edges: logs, errors, rows. */
export function redact(text: string): string {
  let result = text;
  for (const value of revealed) result = result.replaceAll(value, "(secret)");
  return result;
}
