// Where people see the objects of changes: in the hub, and in other systems as the job says today.
import { sql } from "kysely";
import type { Direction } from "@plumbline/plugin-kit";
import type { SideName } from "@plumbline/sync";
import type { JobManifest, Manifest } from "../../plugins/manifest.ts";
import { linkTo } from "../../plugins/object-link.ts";
import { isUuid } from "../../inventory/uuid.ts";
import type { Reader } from "./conditions.ts";
import type { SystemObject } from "./system-objects.ts";

/** A change and what is known of its sync. */
export interface LinkedChange {
  readonly model: string;
  readonly action: "create" | "update" | "delete";
  readonly source_id: string | null;
  readonly target_id: string | null;
  readonly outcome_status: string | null;
  readonly job_id: string;
  readonly direction: Direction;
  readonly source_name: string;
  readonly target_name: string;
  readonly undo_of: string | null;
}

export interface ObjectLinks {
  readonly objectUrl: string | null;
  readonly systemObject: SystemObject | null;
  readonly otherSystemObject: SystemObject | null;
}

/** What the links of a sync's changes are found by. */
interface Linking {
  readonly job: JobManifest | undefined;
  readonly hubSide: SideName | null;
  readonly models: ReadonlyMap<string, Manifest["models"][number]>;
  /** The other side's object of a change that takes back: its plan names the target's own ids alone. */
  readonly pairs: ReadonlyMap<string, readonly PairedObject[]>;
}

interface PairedObject {
  readonly model: string;
  readonly id: string;
}

/** The links of changes of one sync. */
export async function readObjectLinks(
  reader: Reader,
  manifest: Pick<Manifest, "jobs" | "models">,
  changes: readonly LinkedChange[],
): Promise<(change: LinkedChange) => ObjectLinks> {
  const [first] = changes;
  const job = manifest.jobs.find(({ id }) => id === first?.job_id);
  const linking: Linking = {
    job,
    hubSide: first === undefined ? null : hubSideOf(first, job),
    models: new Map(manifest.models.map((model) => [model.name, model])),
    pairs:
      first?.undo_of == null || job === undefined
        ? new Map()
        : await readPairs(reader, job.connection, first.direction, changes),
  };
  return (change) => linksOf(change, linking);
}

/** The hub is the target of a Data Source and the source of a Data Target; of a comparison what the job says. */
function hubSideOf({ direction }: LinkedChange, job: JobManifest | undefined): SideName | null {
  if (direction === "comparison") return job?.hubSide ?? null;
  return direction === "source" ? "target" : "source";
}

function linksOf(change: LinkedChange, linking: Linking): ObjectLinks {
  const { hubSide } = linking;
  const outside = (["source", "target"] as const)
    .filter((side) => side !== hubSide)
    .map((side) => systemObjectOf(change, side, linking));
  const [systemObject = null, otherSystemObject = null] = outside;
  return { objectUrl: hubUrlOf(change, linking), systemObject, otherSystemObject };
}

function hubUrlOf(change: LinkedChange, linking: Linking): string | null {
  const { hubSide, models } = linking;
  if (hubSide === null) return null;
  const declared = models.get(change.model);
  const model = models.get(declared?.viewOf ?? change.model);
  const id = objectsOn(hubSide, change, linking)[0]?.id;
  if (model?.isHub !== true || id === undefined || !isUuid(id)) return null;
  return `/inventory/${model.plural}/${id}/`;
}

function systemObjectOf(
  change: LinkedChange,
  side: SideName,
  linking: Linking,
): SystemObject | null {
  const { job } = linking;
  if (job === undefined) return null;
  const isCompared = change.direction === "comparison";
  const links = isCompared && side === "target" ? job.otherLinks : job.links;
  const name = side === "target" ? change.target_name : change.source_name;
  for (const { model, id } of objectsOn(side, change, linking)) {
    const template = links[model];
    if (template === undefined) continue;
    return { system: isCompared ? name : job.system, url: linkTo(template, id) };
  }
  return null;
}

/** The change's object as a side knows it; none once it is deleted. */
function objectsOn(
  side: SideName,
  change: LinkedChange,
  { pairs }: Linking,
): readonly PairedObject[] {
  const { model, action, source_id, target_id, outcome_status } = change;
  const id = side === "source" ? source_id : target_id;
  const isGone = side === "target" && action === "delete" && outcome_status === "applied";
  if (id !== null) return isGone ? [] : [{ model, id }];
  return side === "source" ? (pairs.get(pairName(model, target_id)) ?? []) : [];
}

function pairName(model: string, targetId: string | null): string {
  return `${model} ${targetId ?? ""}`;
}

/** The objects that are paired with the changes' targets, of a view's by the name of the view. */
async function readPairs(
  reader: Reader,
  connection: string,
  direction: Direction,
  changes: readonly LinkedChange[],
): Promise<ReadonlyMap<string, readonly PairedObject[]>> {
  const targets = changes.flatMap(({ model, target_id: id }) =>
    id === null ? [] : [{ model, id }],
  );
  const isHub = direction === "source";
  const wanted = isHub ? targets.filter(({ id }) => isUuid(id)) : targets;
  const columns = isHub
    ? sql`i.model as paired_model, i.remote_id as paired_id`
    : sql`i.model as paired_model, i.hub_id::text as paired_id`;
  const match = isHub
    ? sql`i.hub_id = wanted.id::uuid`
    : sql`i.model = wanted.model and i.remote_id = wanted.id`;
  const { rows } = await sql<{
    model: string;
    id: string;
    paired_model: string;
    paired_id: string;
  }>`
    select wanted.model, wanted.id, ${columns}
      from unnest(${wanted.map(({ model }) => model)}::text[], ${wanted.map(({ id }) => id)}::text[])
             wanted (model, id)
      join identity i on i.connection = ${connection} and ${match}
     order by i.model, i.remote_id`.execute(reader);
  const found = new Map<string, PairedObject[]>();
  for (const row of rows) {
    const name = pairName(row.model, row.id);
    const known = found.get(name);
    const paired = { model: row.paired_model, id: row.paired_id };
    if (known === undefined) found.set(name, [paired]);
    else known.push(paired);
  }
  return found;
}
