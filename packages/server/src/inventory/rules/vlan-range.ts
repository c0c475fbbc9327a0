const highest = 4094;

type Span = readonly [first: number, last: number];

/** The spans of numbers in a text such as "1-100,200"; null for one that is none, or leaves 1 to 4094. */
export function readSpans(text: string): readonly Span[] | null {
  const spans = text.split(",").map((part): Span => {
    const [first, last = first] = part.split("-").map(Number);
    return [first ?? NaN, last ?? NaN];
  });
  const isRight = ([first, last]: Span): boolean => first >= 1 && first <= last && last <= highest;
  return spans.every(isRight) ? spans : null;
}

export function isWithin(spans: readonly Span[], vid: number): boolean {
  return spans.some(([first, last]) => vid >= first && vid <= last);
}
