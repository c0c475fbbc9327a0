/** A text beside another: how both begin, what it has then, and how both end. */
export interface TextDifference {
  readonly start: string;
  readonly own: string;
  readonly end: string;
}

/** Whole words: a word that is another in part is another. Without another text all of it is its own. */
export function differenceOf(text: string, other: string | null): TextDifference {
  if (other === null) return { start: "", own: text, end: "" };
  const words = wordsOf(text);
  const others = wordsOf(other);
  const shorter = Math.min(words.length, others.length);
  let alike = 0;
  while (alike < shorter && words[alike] === others[alike]) alike += 1;
  let after = 0;
  while (after < shorter - alike && words.at(-1 - after) === others.at(-1 - after)) after += 1;
  const place = words.length - after;
  return {
    start: words.slice(0, alike).join(""),
    own: words.slice(alike, place).join(""),
    end: words.slice(place).join(""),
  };
}

/** Words, and each mark or run of white space between them. */
function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** Of more characters a text is long. */
export const longText = 200;

/** What is shown of a long text at first: what is its own, and a little of what is around it. */
export function folded({ start, own, end }: TextDifference): TextDifference {
  return {
    start: start.length > around ? `… ${start.slice(-around)}` : start,
    own: own.length > longText ? `${own.slice(0, longText)} …` : own,
    end: end.length > around ? `${end.slice(0, around)} …` : end,
  };
}

const around = 60;
