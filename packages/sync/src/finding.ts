/**
 * - `bad-value`: a field or key part could not be read as its type.
 * - `duplicate`: two records of one side have the same key.
 * - `unresolved-reference`: a record refers to something neither side has.
 * - `ambiguous`: more than one record could be the counterpart.
 * - `incomplete-read`: a side gave fewer records than it declared, or a key was unreadable.
 * - `unknown-field`: records have a field that is kept for them nowhere else; all the rest of them is read.
 * - `gone-since`: what was to be taken back of an object cannot be, as the object is no longer there.
 */
export type FindingKind =
  | "bad-value"
  | "duplicate"
  | "unresolved-reference"
  | "ambiguous"
  | "incomplete-read"
  | "unknown-field"
  | "gone-since";

/** Which of the two systems: a run reads both, and writes the target only. */
export type SideName = "source" | "target";

/** Something wrong with the data that is not a change. A record with a finding keeps its counterpart. */
export interface Finding {
  readonly kind: FindingKind;
  readonly side: SideName;
  /** Model name. */
  readonly model: string;
  /** Key string, when the key could be read. */
  readonly key: string | null;
  /** What a person calls the object, when known. */
  readonly label: string | null;
  readonly field: string | null;
  /** The offending value as text, shortened to 200 characters. */
  readonly value: string | null;
  /** Thing, fact, next step. */
  readonly message: string;
  /** Where the side found it: a file and row, a URL, a remote id. */
  readonly origin: string | null;
}
