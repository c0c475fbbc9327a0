/**
 * Where a record keeps what is not a field of its model. Symbols, so that a field can have any name
 * that is not a method's.
 */
export const valuesSlot = Symbol("values");
export const layoutSlot = Symbol("layout");
export const statusSlot = Symbol("status");
export const messageSlot = Symbol("message");
/** The unique id once it was asked for; empty while it is not known. */
export const uniqueIdSlot = Symbol("uniqueId");
