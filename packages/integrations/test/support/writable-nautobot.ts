import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, BlockList } from "node:net";
import { type HubModel, hubModels } from "@plumbline/models";

type Stored = Record<string, unknown> & { id: string };
type Faults = Record<string, string[]>;

/** A request as a test decides about it. */
export interface WriteRequest {
  readonly method: string;
  /** "dcim/devices" */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The how-manyth request with this method and path it is, from 1. */
  readonly attempt: number;
}

/** What a test does instead of answering. `act` does what was asked for and gives the answer that would be sent. */
export type Interference = (response: ServerResponse, act: () => Answer) => void;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface WritableNautobot {
  readonly url: string;
  readonly requests: readonly WriteRequest[];
  /** The objects of a list. */
  objects(path: string): readonly Stored[];
  /** Creates objects as a request does. */
  create(path: string, bodies: readonly Record<string, unknown>[]): readonly Stored[];
  /** Changes an object behind everybody's back. */
  touch(path: string, id: string, values: Record<string, unknown>): void;
  remove(path: string, id: string): void;
  close(): Promise<void>;
}

const assignmentLists: Record<
  string,
  { owner: string; ownerPath: string; set: string; member: string }
> = {
  "ipam/prefix-location-assignments": {
    owner: "prefix",
    ownerPath: "ipam/prefixes",
    set: "locations",
    member: "location",
  },
  "ipam/vlan-location-assignments": {
    owner: "vlan",
    ownerPath: "ipam/vlans",
    set: "locations",
    member: "location",
  },
  "ipam/vrf-device-assignments": {
    owner: "vrf",
    ownerPath: "ipam/vrfs",
    set: "devices",
    member: "device",
  },
  "ipam/vrf-prefix-assignments": {
    owner: "vrf",
    ownerPath: "ipam/vrfs",
    set: "prefixes",
    member: "prefix",
  },
};

const isAssignedSet = (path: string, name: string): boolean =>
  Object.values(assignmentLists).some(({ ownerPath, set }) => ownerPath === path && set === name);

/**
 * A Nautobot 3 kept in memory, as far as writing it goes: bulk requests that are all or nothing, its answers to
 * bad rows, protected deletes, sets kept as objects of their own, interfaces made from templates. It has no GraphQL.
 */
export async function startWritableNautobot(
  interfere: (request: WriteRequest) => Interference | undefined = () => undefined,
): Promise<WritableNautobot> {
  let lists = new Map<string, Map<string, Stored>>();
  for (const { restPath } of hubModels) lists.set(restPath, new Map());
  for (const path of Object.keys(assignmentLists)) lists.set(path, new Map());
  const requests: WriteRequest[] = [];
  const attempts = new Map<string, number>();
  const list = (path: string): Map<string, Stored> => {
    const found = lists.get(path);
    if (!found) throw new Error(`no list ${path}`);
    return found;
  };
  const everyone = (): [string, Stored][] =>
    [...lists].flatMap(([path, objects]) =>
      [...objects.values()].map((o): [string, Stored] => [path, o]),
    );
  const copy = (): typeof lists =>
    new Map([...lists].map(([path, objects]) => [path, new Map(structuredClone([...objects]))]));

  function shown(path: string, object: Stored): Stored {
    const sets: Record<string, unknown> = {};
    for (const [assignmentPath, { owner, ownerPath, set, member }] of Object.entries(
      assignmentLists,
    )) {
      if (ownerPath !== path) continue;
      sets[set] = [...list(assignmentPath).values()]
        .filter((one) => idIn(one[owner]) === object.id)
        .map((one) => one[member]);
    }
    if (path === "ipam/ip-addresses") sets["parent"] = parentOf(object);
    return { ...object, ...sets };
  }

  function parentOf(address: Stored): unknown {
    const version = String(address["host"]).includes(":") ? "ipv6" : "ipv4";
    let best: [number, Stored] | null = null;
    for (const prefix of list("ipam/prefixes").values()) {
      const [network = "", length = "0"] = String(prefix["prefix"]).split("/");
      if (idIn(prefix["namespace"]) !== address["namespace_id"]) continue;
      const block = new BlockList();
      block.addSubnet(network, Number(length), network.includes(":") ? "ipv6" : "ipv4");
      if (!block.check(String(address["host"]), version)) continue;
      if (best === null || Number(length) > best[0]) best = [Number(length), prefix];
    }
    return best === null ? null : { id: best[1].id };
  }

  /** The values of a request as they are stored; faults by field. */
  function read(
    hub: HubModel,
    input: Record<string, unknown>,
    current: Stored | null,
  ): Stored | Faults {
    const { model, rest = {}, restPath } = hub;
    const faults: Faults = {};
    const object: Stored = {
      ...current,
      id: current?.id ?? (input["id"] as string | undefined) ?? randomUUID(),
    };
    const given: Record<string, unknown> = { ...input };
    for (const [name, [first, second]] of Object.entries(rest.joined ?? {})) {
      if (input[name] !== undefined) {
        const [host, length] = (input[name] as string).split("/");
        Object.assign(given, { [first]: host, [second]: Number(length) });
      }
    }
    if (hub.lacks?.includes("custom fields") !== true) {
      object["custom_fields"] = {
        ...(current?.["custom_fields"] as object),
        ...(input["custom_fields"] as object),
      };
    }
    for (const name of model.names) {
      const field = model.field(name);
      if (field.isDerived || isAssignedSet(restPath, name)) continue;
      const target = field.facts.target ?? field.facts.members?.facts.target;
      const value = given[name];
      if (field.facts.through !== undefined) {
        if (value !== undefined) object[`${name}_id`] = value;
        continue;
      }
      if (value === undefined) {
        if (current !== null) continue;
        if (!field.isNullable && field.facts.default === undefined) {
          faults[name] = ["This field is required."];
        }
        object[name] = field.facts.default ?? null;
        continue;
      }
      if (target !== undefined) {
        const ids = (Array.isArray(value) ? value : [value])
          .filter((one) => one !== null)
          .map(String);
        const path = hubModels.find((other) => other.model.name === target)!.restPath;
        for (const id of ids) {
          const found = list(path).get(id);
          const isFor =
            !["status", "role", "tag"].includes(target) ||
            (found?.["content_types"] as string[] | undefined)?.includes(hub.contentType);
          if (!found || !isFor) {
            faults[name] = [
              `Related object not found using the provided attributes: {'pk': UUID('${id}')}`,
            ];
          }
        }
        const references = ids.map((id) => ({ id, object_type: target, url: `/${path}/${id}/` }));
        object[name] = Array.isArray(value) ? references : (references[0] ?? null);
        continue;
      }
      const isText = field.kind === "text" && !(rest.nullTexts ?? []).includes(name);
      if (value === null && (isText || (rest.plainChoices ?? []).includes(name))) {
        faults[name] = ["This field may not be null."];
      }
      if (value === "" && name === "time_zone") faults[name] = ["This field may not be blank."];
      if (typeof value === "string" && value.length > (field.facts.maxLength ?? Infinity)) {
        faults[name] = [`Ensure this field has no more than ${field.facts.maxLength} characters.`];
      }
      const isPlain = (rest.plainChoices ?? []).includes(name);
      object[name] =
        field.kind === "choice" && !isPlain && typeof value === "string"
          ? value === ""
            ? null
            : { value, label: value }
          : value;
    }
    return Object.keys(faults).length > 0 ? faults : object;
  }

  function keyText({ model, restPath }: HubModel, object: Stored): string {
    return JSON.stringify([
      restPath,
      ...model.keyNames.map((name) =>
        model.field(name).facts.through === undefined
          ? (idIn(object[name]) ?? object[name])
          : object[`${name}_id`],
      ),
    ]);
  }

  /** Creates or changes objects, all or none of them. */
  function write(path: string, inputs: readonly Record<string, unknown>[], isNew: boolean): Answer {
    const before = copy();
    const refuse = (answer: Answer): Answer => {
      lists = before;
      return answer;
    };
    const assignment = assignmentLists[path];
    if (assignment) return assign(path, assignment, inputs, refuse);
    const hub = hubModels.find(({ restPath }) => restPath === path)!;
    const there = isNew ? inputs : inputs.filter(({ id }) => list(path).has(String(id)));
    const written = there.map((input) =>
      read(hub, input, isNew ? null : (list(path).get(String(input["id"])) ?? null)),
    );
    const taken = new Map(
      [...list(path).values()].map((object) => [keyText(hub, object), object.id]),
    );
    const faults = written.map((one): Faults => {
      if (!("id" in one)) return one;
      const id = taken.get(keyText(hub, one as Stored));
      const isTaken = id !== undefined && (isNew || id !== one.id);
      return isTaken ? { __all__: [`${hub.model.label} with this key already exists.`] } : {};
    });
    const bad = faults.find((fault) => Object.keys(fault).length > 0);
    if (bad) return refuse({ status: 400, body: isNew ? faults : bad });
    for (const object of written as Stored[]) {
      const key = keyText(hub, object);
      if (isNew && [...list(path).values()].some((other) => keyText(hub, other) === key)) {
        const body = {
          error: "duplicate key value violates unique constraint",
          exception: "IntegrityError",
        };
        return refuse({ status: 500, body });
      }
      if (path === "ipam/ip-addresses" && parentOf(object) === null) {
        return refuse({
          status: 400,
          body: { namespace: ["No suitable parent Prefix exists in this Namespace"] },
        });
      }
      list(path).set(object.id, object);
      if (isNew) followUp(path, object, there.find(({ id }) => id === object.id) ?? {});
    }
    const answer = (written as Stored[]).map((object) => shown(path, object));
    return { status: isNew ? 201 : 200, body: isNew ? answer : answer.reverse() };
  }

  function followUp(path: string, object: Stored, input: Record<string, unknown>): void {
    if (typeof input["location"] === "string" && ["ipam/prefixes", "ipam/vlans"].includes(path)) {
      const owner = path === "ipam/prefixes" ? "prefix" : "vlan";
      list(`ipam/${owner}-location-assignments`).set(randomUUID(), {
        id: randomUUID(),
        [owner]: { id: object.id },
        location: { id: input["location"] },
      });
    }
    if (path !== "dcim/devices") return;
    for (const template of list("dcim/interface-templates").values()) {
      if (idIn(template["device_type"]) !== idIn(object["device_type"])) continue;
      const id = randomUUID();
      list("dcim/interfaces").set(id, {
        ...Object.fromEntries(
          hubModels
            .find(({ restPath }) => restPath === "dcim/interfaces")!
            .model.names.map((name) => [
              name,
              name === "tags" || name === "tagged_vlans" ? [] : null,
            ]),
        ),
        id,
        name: template["name"],
        type: template["type"],
        device: { id: object.id },
        enabled: true,
        mgmt_only: false,
        status: { id: [...list("extras/statuses").keys()][0] },
      });
    }
  }

  function assign(
    path: string,
    { owner, member }: { owner: string; member: string },
    inputs: readonly Record<string, unknown>[],
    refuse: (answer: Answer) => Answer,
  ): Answer {
    const made: Stored[] = [];
    for (const input of inputs) {
      const isTaken = [...list(path).values()].some(
        (one) => idIn(one[owner]) === input[owner] && idIn(one[member]) === input[member],
      );
      if (isTaken) {
        const text = `The fields ${owner}, ${member} must make a unique set.`;
        return refuse({ status: 400, body: { non_field_errors: [text] } });
      }
      const id = randomUUID();
      const object = { id, [owner]: { id: input[owner] }, [member]: { id: input[member] } };
      list(path).set(id, object);
      made.push(object);
    }
    return { status: 201, body: made };
  }

  function remove(path: string, ids: readonly string[]): Answer {
    const gone = new Set(ids);
    const users = everyone().filter(
      ([userPath, object]) =>
        !gone.has(object.id) && !(userPath in assignmentLists) && refersTo(object, gone),
    );
    if (users.length > 0) {
      const names = users
        .map(([, object]) => `${String(object["name"])} (${object.id})`)
        .join(", ");
      const detail = `Unable to delete object. ${users.length} dependent objects were found: ${names}`;
      return { status: 409, body: { detail } };
    }
    for (const id of ids) list(path).delete(id);
    for (const assigned of Object.keys(assignmentLists)) {
      for (const object of list(assigned).values()) {
        if (refersTo(object, gone)) list(assigned).delete(object.id);
      }
    }
    return { status: 204, body: null };
  }

  function answerList(path: string, query: URLSearchParams): Answer {
    const ignored = new Set(["limit", "offset", "depth", "exclude_m2m", "sort"]);
    const wanted = [...new Set(query.keys())].filter((name) => !ignored.has(name));
    const all = [...list(path).values()]
      .map((object) => shown(path, object))
      .filter((object) =>
        wanted.every((name) => {
          const values = query.getAll(name);
          if (name === "tags__isnull") return (object["tags"] as unknown[]).length > 0;
          if (name === "address") return values.includes(String(object["host"]));
          if (name === "namespace" && path === "ipam/ip-addresses") {
            return values.includes(String(object["namespace_id"]));
          }
          const value = object[name];
          return values.includes(
            value === null
              ? "null"
              : (idIn(value) ?? (typeof value === "string" ? value : JSON.stringify(value))),
          );
        }),
      )
      .sort((one, other) => (one.id < other.id ? -1 : 1));
    const offset = Number(query.get("offset") ?? 0);
    const end = offset + Number(query.get("limit") ?? 50);
    return {
      status: 200,
      body: {
        count: all.length,
        next: end < all.length ? "http://next/" : null,
        previous: null,
        results: all.slice(offset, end),
      },
    };
  }

  function describe(path: string): Answer {
    const hub = hubModels.find(({ restPath }) => restPath === path);
    const fields = Object.fromEntries(
      (hub?.model.names ?? []).map((name) => [name, { read_only: isAssignedSet(path, name) }]),
    );
    for (const name of Object.keys(hub?.rest?.single ?? {})) fields[name] = { read_only: false };
    return { status: 200, body: { actions: { POST: fields, PUT: fields } } };
  }

  function act({ method, path, query, body }: WriteRequest): Answer {
    if (path === "status") return { status: 200, body: { "nautobot-version": "3.2.7" } };
    if (!lists.has(path)) return { status: 404, body: { detail: "Not found." } };
    const inputs = body as Record<string, unknown>[];
    if (method === "GET") return answerList(path, query);
    if (method === "OPTIONS") return describe(path);
    if (method === "DELETE")
      return remove(
        path,
        inputs.map(({ id }) => String(id)),
      );
    return write(path, inputs, method === "POST");
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://memory");
    const path = url.pathname.replace(/^\/api\//, "").replace(/\/$/, "");
    const text = await readBody(request);
    const method = request.method ?? "GET";
    const attempt = (attempts.get(`${method} ${path}`) ?? 0) + 1;
    attempts.set(`${method} ${path}`, attempt);
    const body: unknown = text === "" ? null : JSON.parse(text);
    const seen: WriteRequest = { method, path, query: url.searchParams, body, attempt };
    requests.push(seen);
    const interference = interfere(seen);
    if (interference) {
      interference(response, () => act(seen));
      return;
    }
    const { status, body: answered } = act(seen);
    response.writeHead(status).end(answered === null ? "" : JSON.stringify(answered));
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    objects: (path) => [...list(path).values()].map((object) => shown(path, object)),
    create(path, bodies) {
      const { status, body } = write(path, bodies, true);
      if (status !== 201) throw new Error(`${path}: ${JSON.stringify(body)}`);
      return body as Stored[];
    },
    touch: (path, id, values) => void Object.assign(list(path).get(id)!, values),
    remove: (path, id) => void list(path).delete(id),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function idIn(value: unknown): string | undefined {
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

function refersTo(object: Stored, ids: ReadonlySet<string>): boolean {
  return Object.values(object).some((value) =>
    (Array.isArray(value) ? value : [value]).some((one) => ids.has(idIn(one) ?? "")),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
