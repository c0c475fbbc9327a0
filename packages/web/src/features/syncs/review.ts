import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { decide } from "../../api/commands.ts";
import type { Decided, Ruling, RulingVerdict, SyncDetail } from "../../api/shapes.ts";
import { countOf } from "../../components/format.ts";

export const verdictWords: Readonly<Record<RulingVerdict, { verb: string; done: string }>> = {
  reject: { verb: "Reject", done: "rejected" },
  accept: { verb: "Accept", done: "accepted" },
  release: { verb: "Release", done: "released" },
  "hold-again": { verb: "Hold again", done: "held again" },
};

export interface Review {
  readonly rule: (ruling: Ruling) => void;
  readonly isPending: boolean;
  readonly error: Error | null;
  /** What the last ruling did, in words. */
  readonly message: string | null;
}

/** Rules on changes of a plan; lists and counts are read anew after each ruling. */
export function useReview(sync: SyncDetail, onRuled?: () => void): Review {
  const client = useQueryClient();
  const [message, setMessage] = useState<string | null>(null);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (ruling: Ruling) => decide(sync.id, ruling),
    onSuccess: async (decided, { verdict }) => {
      setMessage(resultOf(verdict, decided));
      onRuled?.();
      await Promise.all(
        ["sync", "changes", "facets", "tree"].map((name) =>
          client.invalidateQueries({ queryKey: [name, sync.id] }),
        ),
      );
    },
  });
  const rule = useCallback(
    (ruling: Ruling) => {
      mutate(ruling);
    },
    [mutate],
  );
  return { rule, isPending, error, message };
}

/** "3 changes rejected; 12 others held, as they need them." */
function resultOf(
  verdict: RulingVerdict,
  { decided, held, freed, refused }: Pick<Decided, "decided" | "held" | "freed" | "refused">,
): string {
  const { done } = verdictWords[verdict];
  const parts = [
    decided === 0 && refused.length === 0
      ? `Nothing to change: none of them can be ${done}`
      : `${countOf(decided, "change")} ${done}`,
    ...(held > 0 ? [`${countOf(held, "other")} held in consequence`] : []),
    ...(freed > 0 ? [`${countOf(freed, "other")} may be applied in consequence`] : []),
    ...refused.map(({ count, reason }) => `${countOf(count, "change")} still held: ${reason}`),
  ];
  return `${parts.join("; ").replace(/\.$/, "")}.`;
}
