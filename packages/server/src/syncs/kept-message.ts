import { redact } from "@plumbline/plugin-kit";

/** Adapters and other systems word messages too, and one may hold all that they got. */
const mostCharacters = 10_000;

/** A message as it is stored: without secrets, and of a length that people read. */
export function keptMessage(message: string): string {
  const text = redact(message);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
