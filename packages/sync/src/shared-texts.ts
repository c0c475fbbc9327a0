/** Keeps one copy of texts that come again and again. */
export interface SharedTexts {
  /** The copy kept of an equal text, or the text itself. */
  share(text: string): string;
}

const mostShared = 2000;
const trial = 4000;

/** Gives up where most texts are new: then looking for them costs more than the copies. */
export function createSharedTexts(): SharedTexts {
  let known: Map<string, string> | null = new Map<string, string>();
  let asked = 0;
  let found = 0;
  return {
    share(text) {
      if (known === null) return text;
      asked += 1;
      const copy = known.get(text);
      if (copy !== undefined) {
        found += 1;
        return copy;
      }
      if (known.size < mostShared) known.set(text, text);
      if (asked >= trial && found * 2 < asked) known = null;
      return text;
    },
  };
}
