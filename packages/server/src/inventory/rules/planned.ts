import type { Refusal } from "../refusal.ts";
import type { RuleContext } from "./hub-rules.ts";
import { nameSome } from "./name-some.ts";

/** Another object that a change leaves at odds with what it changes. */
export interface LeftBehind {
  /** Of what is changed. */
  readonly id: string;
  /** Of the other object. */
  readonly other: string;
  /** What a person calls that one. */
  readonly name: string;
}

/** Objects whose own changes could put things right, and in which of their fields. */
type Remedies<L> = (left: L) => Readonly<Record<string, readonly string[]>>;

/**
 * Without those that the author's own sync puts right later in its run. A sync takes nothing along by itself: what is
 * applied would not be what was reviewed, and the changes its source asks for would find their objects gone or moved.
 * So it may change what others depend on where its plan has their changes too, and is refused where the plan is silent:
 * the hub is left in order, or it is told where not.
 */
export async function withoutPlanned<L extends LeftBehind>(
  { client, author }: RuleContext,
  left: readonly L[],
  remediesOf: Remedies<L>,
): Promise<readonly L[]> {
  if (author.syncId === null || left.length === 0) return left;
  const remedies = new Map(left.map((each) => [each, Object.entries(remediesOf(each))]));
  const wanted = new Set(left.map(({ id }) => id));
  for (const all of remedies.values()) for (const [id] of all) wanted.add(id);
  const rows = (await author.findPlanned?.(client, [...wanted])) ?? [];
  const planned = Map.groupBy(rows, ({ id }) => id);
  return left.filter((each) => {
    const own = planned.get(each.id) ?? [];
    // What is held is tried by a rehearsal as if all that is held were let through.
    const isHeldItself = own.length > 0 && !own.some((row) => row.isAllowed);
    return !remedies
      .get(each)
      ?.some(([id, fields]) =>
        planned
          .get(id)
          ?.some(
            (row) =>
              (row.isAllowed || isHeldItself) &&
              (row.action === "delete" || row.fields.some((name) => fields.includes(name))),
          ),
      );
  });
}

/** A refusal for each changed object that leaves others behind. */
export function refuseEach<L extends LeftBehind>(
  left: readonly L[],
  describe: (names: string, first: L) => Refusal,
): Refusal[] {
  return [...Map.groupBy(left, ({ id }) => id).values()].flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    return describe(nameSome([...new Set(all.map(({ name }) => name))].sort()), first);
  });
}
