// A client of Nautobot's API, which a Plumbline answers as well, and what is timed with it.

export interface Server {
  readonly url: string;
  readonly token: string;
}

type Body = Readonly<Record<string, unknown>>;

export async function request<T>(
  { url, token }: Server,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(`${url}/api/${path}`, {
    method,
    headers: { authorization: `Token ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path} answered ${String(answer.status)}: ${text.slice(0, 300)}`);
  }
  return (text === "" ? null : JSON.parse(text)) as T;
}

interface Page {
  readonly count: number;
  readonly results: readonly (Body & { readonly id: string })[];
}

const listed = 200;
const pages = 5;
/**
 * Requests for lists before they count, and for how long at least: what either server compiles or caches is there after
 * the first ones, and its database has tidied up after it was filled.
 */
const warming = 40;
const warmingMs = 10_000;
const measured = 15;
const bulk = 1000;

export interface Rates {
  /** Devices a second. */
  readonly listDepth0: number;
  readonly listDepth1: number;
  /** Milliseconds of a request for one device. */
  readonly oneP50: number;
  readonly oneP95: number;
  /** Locations a second. */
  readonly bulkPost: number;
  readonly bulkPatch: number;
  readonly bulkDelete: number;
}

/** Times lists of 200 devices, one device, and bulk writes of 1,000 locations. */
export async function measureRates(server: Server): Promise<Rates> {
  const get = (path: string) => request<Page>(server, "GET", path);
  const list = async (depth: number): Promise<number> => {
    const path = `dcim/devices/?limit=${listed}&depth=${depth}`;
    const rates: number[] = [];
    const began = performance.now();
    for (let asked = 0; rates.length < measured; asked += 1) {
      const started = performance.now();
      const { results } = await get(`${path}&offset=${(asked % pages) * listed}`);
      if (asked < warming || started - began < warmingMs) continue;
      rates.push((results.length / (performance.now() - started)) * 1000);
    }
    return percentile(rates, 0.5);
  };
  const listDepth0 = await list(0);
  const listDepth1 = await list(1);

  const { results: devices } = await get("dcim/devices/?limit=100");
  const times: number[] = [];
  for (const { id } of devices) {
    const started = performance.now();
    await request(server, "GET", `dcim/devices/${id}/`);
    times.push(performance.now() - started);
  }

  const site = (await get("dcim/locations/?limit=1&has_devices=true")).results[0];
  const { results: made, seconds: postSeconds } = await post(server, site ?? {});
  const patch = made.map(({ id }) => ({ id, description: "changed" }));
  const patchSeconds = await timed(() => request(server, "PATCH", "dcim/locations/", patch));
  const gone = made.map(({ id }) => ({ id }));
  const deleteSeconds = await timed(() => request(server, "DELETE", "dcim/locations/", gone));
  return {
    ...{ listDepth0: Math.round(listDepth0), listDepth1: Math.round(listDepth1) },
    oneP50: round(percentile(times, 0.5)),
    oneP95: round(percentile(times, 0.95)),
    bulkPost: round(bulk / postSeconds),
    bulkPatch: round(bulk / patchSeconds),
    bulkDelete: round(bulk / deleteSeconds),
  };
}

async function post(server: Server, { location_type, parent, status }: Body) {
  const items = Array.from({ length: bulk }, (_, index) => ({
    name: `bench-${String(index)}`,
    ...{ location_type, parent, status, description: "made by a bench" },
  }));
  let results: readonly { readonly id: string }[] = [];
  const seconds = await timed(async () => {
    results = await request(server, "POST", "dcim/locations/", items);
  });
  return { results, seconds };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
