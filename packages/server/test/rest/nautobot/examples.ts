// Objects of every model of the hub, made up from its declaration alone.
import { hubModels, type HubModel } from "@plumbline/models";
import { createInventory } from "../../../src/inventory/inventory.ts";
import { hubResources } from "../../../src/rest/nautobot/hub-resources.ts";
import type { RestField } from "../../../src/rest/nautobot/resource.ts";
import { createTestApp, json, type TestApp } from "../app.ts";

export type Body = Record<string, unknown>;

const inventory = createInventory();
const resources = hubResources(inventory);
const contentTypes = hubModels.map(({ contentType }) => contentType);

/** What rules ask for beyond the declaration: by model, for the object with a number. */
const particulars: Readonly<Record<string, (number: number) => Body>> = {
  status: () => ({ content_types: contentTypes }),
  tag: () => ({ content_types: contentTypes }),
  role: () => ({ content_types: contentTypes }),
  namespace: (number) => ({ name: number === 1 ? "Global" : `Namespace ${number}` }),
  device: (number) => ({ name: `device ${number}` }),
  custom_field: (number) => ({ key: `key_${number}`, type: "select", validation_regex: "" }),
  location_type: () => ({ content_types: contentTypes, nestable: true }),
};

/** Number of the first object that tests make beside the first of all. */
const firstSpare = 31;

export interface ExampleHub extends TestApp {
  /** The first object of each model, by the model's name; the others refer to them. */
  readonly first: ReadonlyMap<string, Body>;
  /** A new object's body: what must be given, and what the model's rules ask for. */
  bodyOf(model: string, number: number): Body;
  send(method: string, path: string, body: unknown): Promise<{ status: number; body: Body }>;
  sendList(method: string, path: string, body: unknown): Promise<{ status: number; body: Body[] }>;
}

export function resourceOf({ model }: HubModel) {
  const found = resources.find(({ name }) => name === model.name);
  if (!found) throw new Error(`No resource for ${model.name}.`);
  return found;
}

/** The application with one object of every model in it, each made through the API. */
export async function openExampleHub(): Promise<ExampleHub> {
  const app = await createTestApp();
  const first = new Map<string, Body>();
  const send = async (method: string, path: string, body: unknown) => {
    const answer = await app.request(`/api/${path}/`, json(body, method));
    const text = await answer.text();
    return { status: answer.status, body: (text === "" ? {} : JSON.parse(text)) as Body };
  };
  // Devices would get the interfaces of their type's templates.
  let portedType: unknown;
  // An assignment has nothing but references: other ones need other interfaces.
  const interfaces: unknown[] = [];
  const bodyOf = (model: string, number: number): Body => {
    const resource = resources.find(({ name }) => name === model);
    const body: Body = {};
    for (const field of resource?.fields ?? []) {
      if (field.isRequired) body[field.name] = valueFor(field, number, first);
    }
    for (const { name, field, target } of resource?.table?.columns ?? []) {
      if (field.facts.through !== undefined) body[name] = first.get(target ?? "")?.["id"];
    }
    if (model === "interface_template") body["device_type"] = portedType;
    const spare = number === 1 ? undefined : interfaces[number - firstSpare];
    if (model === "ip_address_to_interface" && spare) body["interface"] = spare;
    return { ...body, ...particulars[model]?.(number) };
  };
  for (const { name } of inventory.schema.order) {
    const resource = resources.find((candidate) => candidate.name === name);
    const { status, body } = await send("POST", resource?.path ?? "", bodyOf(name, 1));
    if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
    first.set(name, body);
    if (name === "device_type") {
      portedType = (await send("POST", "dcim/device-types", bodyOf(name, 100))).body["id"];
    }
    if (name !== "interface") continue;
    const spare = Array.from({ length: 10 }, (_, index) => bodyOf(name, index + 101));
    const made = (await send("POST", "dcim/interfaces", spare)).body as unknown as Body[];
    interfaces.push(...made.map(({ id }) => id));
  }
  return {
    ...app,
    first,
    bodyOf,
    send,
    sendList: send as unknown as ExampleHub["sendList"],
  };
}

function valueFor(field: RestField, number: number, first: ReadonlyMap<string, Body>): unknown {
  if (field.target !== null) return first.get(field.target)?.["id"];
  if (field.name === "address") return `10.1.0.${number}/24`;
  switch (field.kind) {
    case "prefix":
      return `10.${number}.0.0/16`;
    case "ip-address":
      return `10.1.0.${number}`;
    case "mac":
      return `02:00:00:00:00:${number.toString(16).padStart(2, "0")}`;
    case "integer":
      return (field.min ?? 0) + number;
    case "decimal":
      return String(number);
    case "boolean":
      return true;
    case "choice":
      return field.choices[0];
    case "date-time":
      return "2024-02-03T04:05:06.789Z";
    case "set":
    case "list":
      return [];
    default:
      return `${field.name} ${String(number).padStart(3, "0")}`;
  }
}
