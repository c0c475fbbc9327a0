// Values of filters out of their text, and the words for those that cannot be.
import { type Field, InvalidInputError, ipAddress, mac, prefix } from "@plumbline/sync";
import { isUuid } from "../uuid.ts";

export function notAChoice(value: string): InvalidInputError {
  return new InvalidInputError(
    `Select a valid choice. ${value} is not one of the available choices.`,
  );
}

export function readUuid(value: string): string {
  if (isUuid(value)) return value;
  throw new InvalidInputError(`“${value}” is not a valid UUID.`);
}

export function readInteger(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isSafeInteger(number)) {
    throw new InvalidInputError("Enter a whole number.");
  }
  return number;
}

export function readNumber(value: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(value.trim()))
    throw new InvalidInputError("Enter a number.");
  return value.trim();
}

export function readMoment(value: string): string {
  const moment = new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(moment.getTime())) throw new InvalidInputError("Enter a valid date/time.");
  // As it was written: a Date has no microseconds.
  return /[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`;
}

const words = new Map([
  ...["true", "1", "on", "yes", "t", "y"].map((word) => [word, true] as const),
  ...["false", "0", "off", "no", "f", "n"].map((word) => [word, false] as const),
]);

/** True or false, as loosely as clients write it. */
export function readFlag(text: string): boolean | undefined {
  return words.get(text.trim().toLowerCase());
}

export function readBoolean(value: string): boolean {
  const found = readFlag(value);
  if (found === undefined) throw notAChoice(value);
  return found;
}

const networkField = prefix();
const addressField = ipAddress();
const macField = mac();

/** A network, or an address alone, in canonical form. */
export function readNetwork(text: string): string {
  const field = text.includes("/") ? networkField : addressField;
  return textIn(field, text);
}

/** A network with its length, and without an address inside it. */
export function readExactNetwork(text: string): string {
  const network = textIn(networkField, text);
  if (network === text.trim()) return network;
  throw new InvalidInputError(`${text} is not a network: did you mean ${network}?`);
}

export function readAddress(text: string): string {
  return textIn(addressField, text);
}

export function readMac(text: string): string {
  try {
    return textIn(macField, text);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError("Enter a valid MAC address.", { cause: error });
  }
}

/** The canonical text of a field that is never empty. */
function textIn(field: Field, text: string): string {
  const value = field.normalise(text, () => text);
  return typeof value === "string" ? value : "";
}
