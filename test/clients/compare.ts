// Two servers' answers to the same script, compared value by value.
import { readFileSync } from "node:fs";

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

export interface Comparison {
  readonly requests: number;
  /** Requests answered with different codes. */
  readonly statuses: readonly string[];
  /** Places of answers: "GET /api/dcim/locations/ results[].name". */
  readonly places: number;
  /** Of these: where the answers differ, with a value of each. */
  readonly differences: readonly string[];
}

/** What a field is about each server tells in words of its own, where it has some. */
const prose = /^OPTIONS \S+ (?:description|.*\.help_text)$/;

/** Each server has jobs of its own: of what they are called and how long they may run only the kind is compared. */
const ownJobs =
  /^GET \/api\/extras\/jobs\/ (?:count|next|results\[\]\.(?:name|display|description|grouping|module_name|job_class_name|natural_slug|soft_time_limit|time_limit|dryrun_default))$/;

/** And runs of its own, or none. */
const ownRuns =
  /^GET \/api\/(?:extras\/job-results|plugins\/ssot\/history)\/ (?:count|next|results)/;

/** What a run leaves that is of the workers of one server, Celery's in Nautobot, and of its job. */
const ownWorkers =
  /(?: job_result\.|\/job-results\/<id>\/ )(?:celery_kwargs|meta|result|task_(?:name|args|kwargs)|worker|job_model\.)|\/job-logs\/ (?:count|next|results)/;

/** Ids, times, the servers' addresses and the marker of the objects are made equal before. */
export function compareAnswers(
  ours: { readonly file: string; readonly url: string },
  theirs: { readonly file: string; readonly url: string },
): Comparison {
  const mine = readExchanges(ours.file, ours.url);
  const other = readExchanges(theirs.file, theirs.url);
  const statuses: string[] = [];
  const places = new Set<string>();
  const differing = new Map<string, string>();
  const count = Math.max(mine.length, other.length);
  for (let index = 0; index < count; index += 1) {
    const [a, b] = [mine[index], other[index]];
    const name = `${(a ?? b)?.method ?? ""} ${pathOf((a ?? b)?.path ?? "")}`;
    if (!a || !b || a.method !== b.method || pathOf(a.path) !== pathOf(b.path)) {
      statuses.push(`${name}: asked of one only, at request ${index + 1}`);
      break;
    }
    if (a.status !== b.status) statuses.push(`${name}: ${a.status} and ${b.status}`);
    if (isAboutTheServer(a.path)) continue;
    const [left, right] = [leaves(a.body), leaves(b.body)];
    for (const place of new Set([...left.keys(), ...right.keys()])) {
      const full = `${name} ${place.replaceAll(/\[\d+\]/g, "[]")}`;
      if ([prose, ownRuns, ownWorkers].some((own) => own.test(full))) continue;
      places.add(full);
      const [one, two] = [left, right].map((values) => {
        const value = values.get(place);
        return value !== undefined && ownJobs.test(full) ? kindOf(value) : value;
      });
      if (one !== two && !differing.has(full)) {
        differing.set(full, `${full}: ${one ?? "absent"} and ${two ?? "absent"}`);
      }
    }
  }
  return {
    requests: count,
    statuses,
    places: places.size,
    differences: [...differing.values()].toSorted(),
  };
}

function kindOf(value: string): string {
  return typeof JSON.parse(value);
}

/** What tells of the server itself, its version, its other paths. */
function isAboutTheServer(path: string): boolean {
  return /^\/api\/(?:[a-z-]+\/)?(?:\?.*)?$|swagger|docs/.test(path);
}

function pathOf(path: string): string {
  // Nautobot numbers groups.
  return (
    path
      .split("?")[0]
      ?.replaceAll(uuid, "<id>")
      .replace(/groups\/\d+\//, "groups/<id>/") ?? ""
  );
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

function readExchanges(file: string, url: string): Exchange[] {
  const text = readFileSync(file, "utf8")
    .replaceAll(url, "<url>")
    .replaceAll(/check([-_])[0-9a-f]{8}/g, "check$1<mark>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/g, "<time>")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00:00/g, "<time>")
    .replaceAll(/\d{4}(-\d\d){5}-\d{6}-00-00/g, "<time>")
    .replaceAll(/_[0-9a-f]{4}"/g, '_<id>"')
    // How many places stay empty in a natural slug tells how deep the deepest tree of the server is.
    .replaceAll(/"natural_slug": "[^"]*"/g, (slug) => slug.replaceAll(/_{3,}/g, "__"));
  const exchanges = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Exchange);
  // Who waits asks the same again until it is as wanted: how often is the server's speed.
  return exchanges.filter(({ method, path }, index) => {
    const next = exchanges[index + 1];
    return method !== "GET" || next?.method !== method || next.path !== path;
  });
}

/** Nautobot says "Vrf" and "IP Version" where Plumbline says "VRF" and "IP version". */
function withoutCase(place: string, value: string): string {
  return /^actions\..*\.label$/.test(place) ? value.toLowerCase() : value;
}

function leaves(value: unknown, place = "", found = new Map<string, string>()) {
  if (Array.isArray(value)) {
    // Sets and choices come in any order.
    const items: unknown[] = value.every((item) => typeof item === "string")
      ? value.toSorted()
      : place.endsWith(".choices")
        ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        : value;
    items.forEach((item, index) => leaves(item, `${place}[${index}]`, found));
    if (value.length === 0) found.set(place, "[]");
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    for (const [name, part] of entries)
      leaves(part, place === "" ? name : `${place}.${name}`, found);
    if (entries.length === 0) found.set(place, "{}");
  } else found.set(place, withoutCase(place, JSON.stringify(value).replaceAll(uuid, "<id>")));
  return found;
}
