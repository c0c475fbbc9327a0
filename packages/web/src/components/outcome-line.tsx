import type { Status } from "../api/shapes.ts";

interface OutcomeLineProps {
  status: Status;
  sentence: string;
  reason: string | null;
}

/** What came out of a run: the outcome as a sentence, and its reason where that adds something. */
export function OutcomeLine({ status, sentence, reason }: OutcomeLineProps) {
  const isBad = status === "failed" || status === "lost";
  return (
    <span aria-live="polite" style={isBad ? { color: "var(--delete)" } : undefined}>
      {status === "waiting" && reason !== null ? reason : outcomeText(sentence, reason)}
    </span>
  );
}

function outcomeText(sentence: string, reason: string | null): string {
  if (reason === null || sentence.includes(reason)) return sentence;
  if (reason.includes(sentence)) return reason;
  return sentence ? `${sentence}. ${reason}` : reason;
}
