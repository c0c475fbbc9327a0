import type pg from "pg";
import { inTransaction } from "../../database/transaction.ts";
import type { ModelManifest } from "../../plugins/manifest.ts";
import type { RunUser } from "../start.ts";
import { rule } from "./rule.ts";
import type { DecisionRefusal, Ruling } from "./ruling.ts";
import type { Affected } from "./spread-rulings.ts";

export interface Consequences {
  readonly decided: number;
  readonly held: Group[];
  readonly freed: Group[];
  readonly labels: string[];
  readonly refused: DecisionRefusal[];
  readonly sentence: string;
}

type Group = Pick<Affected, "model" | "action" | "count">;

class Rehearsed extends Error {}

/** What a ruling would bring with it: it is made, and rolled back. */
export async function foresee(
  database: { readonly pool: pg.Pool },
  models: readonly ModelManifest[],
  syncId: string,
  ruling: Ruling,
  user: RunUser,
): Promise<Consequences> {
  let found: Consequences | undefined;
  try {
    await inTransaction(database, async (transaction) => {
      const { decided, refused, affected } = await rule(transaction, syncId, ruling, user);
      const selected = await readSelected(transaction.client, syncId);
      const groups = (verdict: Affected["verdict"]): Group[] =>
        affected
          .filter((each) => each.verdict === verdict)
          .map(({ model, action, count }) => ({ model, action, count }));
      found = {
        decided,
        held: groups("hold"),
        freed: groups("release"),
        labels: affected.flatMap(({ labels }) => labels).slice(0, 20),
        refused,
        sentence: sentenceOf(models, selected, affected),
      };
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed) || found === undefined) throw error;
  }
  if (found === undefined) throw new Error("The consequences of a ruling were not found.");
  return found;
}

async function readSelected(client: pg.ClientBase, syncId: string): Promise<readonly Group[]> {
  const { rows } = await client.query<Group>(
    `select c.model, c.action, count(*) as count from selected s
            join sync_change c on c.sync_id = $1 and c.position = s.position
      where c.step = 1 group by 1, 2 order by count(*) desc, 1, 2`,
    [syncId],
  );
  return rows;
}

/** "These 3 locations take 48 devices with them." */
function sentenceOf(
  models: readonly ModelManifest[],
  selected: readonly Group[],
  affected: readonly Affected[],
): string {
  if (affected.length === 0) return "Nothing else depends on it.";
  const total = selected.reduce((sum, { count }) => sum + count, 0);
  const named = listed(models, selected);
  const subject = total === 1 ? `This ${named.replace(/^1 /, "")}` : `These ${named}`;
  const held = affected.filter(({ verdict }) => verdict === "hold");
  const freed = affected.filter(({ verdict }) => verdict === "release");
  const verb = total === 1 ? "takes" : "take";
  const them = total === 1 ? "it" : "them";
  const parts = [
    held.length === 0 ? [] : [`${verb} ${listed(models, held)} with ${them}: held`],
    freed.length === 0 ? [] : [`${verb} ${listed(models, freed)} with ${them}: to be applied`],
  ].flat();
  return `${subject} ${parts.join("; ")}.`;
}

function listed(models: readonly ModelManifest[], groups: readonly Group[]): string {
  const counts = new Map<string, number>();
  for (const { model, count } of groups) counts.set(model, (counts.get(model) ?? 0) + count);
  const words = [...counts].map(([name, count]) => {
    const model = models.find((each) => each.name === name);
    const noun = (count === 1 ? model?.label : model?.pluralLabel) ?? name;
    return `${count.toLocaleString("en-US")} ${noun.toLocaleLowerCase("en-US")}`;
  });
  const last = words.pop() ?? "";
  return words.length === 0 ? last : `${words.join(", ")} and ${last}`;
}
