/** The records of the comparison with DiffSync, by formula: `bench/peers/diffsync/bench.py` makes the very same. */
export type Shape = "flat" | "tree";
export type Side = "source" | "destination";
/** `mixed`: one source record in ten has its values written another way that means the same. */
export type Profile = "canonical" | "mixed";

export interface DeviceRow {
  readonly site: string;
  readonly name: string;
  readonly role: string;
  readonly status: string;
  readonly serial: string;
  readonly device_type: string;
  readonly position: number | string;
  readonly comments: string;
}

export interface InterfaceRow {
  readonly device: string;
  readonly name: string;
  readonly enabled: boolean | "true" | "false";
  readonly mtu: number | string;
  readonly mac: string;
  readonly description: string;
}

/** Counts as DiffSync's summary names them. */
export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly "no-change": number;
  readonly skip: number;
}

const roles = ["access", "distribution", "core", "edge"] as const;
const statuses = ["active", "planned", "offline"] as const;
export const interfacesPerDevice = 10;
/** Residues modulo 100 of what is only in the source, only in the destination, and changed. */
const created = 13;
const deleted = 47;
const changed = 71;
const changedInterface = 58;

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

export function deviceCount(shape: Shape, size: number): number {
  return shape === "flat" ? size : Math.floor(size / (interfacesPerDevice + 1));
}

/** Whether the side has the device of this number. */
export function isPresent(index: number, side: Side): boolean {
  return index % 100 !== (side === "source" ? deleted : created);
}

export function device(index: number, side: Side, profile: Profile): DeviceRow {
  const isChanged = side === "source" && index % 100 === changed;
  const position = (index % 48) + (isChanged ? 1 : 0);
  const status = isChanged ? "decommissioned" : (statuses[index % 3] ?? "");
  const isOdd = profile === "mixed" && side === "source" && index % 10 === 3;
  return {
    site: siteName(index),
    name: deviceName(index),
    role: roles[index % 4] ?? "",
    status: isOdd ? ` ${status} ` : status,
    serial: `SN${pad((index * 7919) % 10_000_000_000, 10)}`,
    device_type: `type-${pad(index % 37, 2)}`,
    position: isOdd ? String(position) : position,
    comments: `unit ${index} in row ${Math.floor(index / 48)}`,
  };
}

export function port(index: number, place: number, side: Side, profile: Profile): InterfaceRow {
  const number = index * interfacesPerDevice + place;
  const isChanged = side === "source" && number % 100 === changedInterface;
  const mtu = (number % 4 === 0 ? 9000 : 1500) + (isChanged ? 100 : 0);
  const enabled = number % 5 !== 0;
  const hexadecimal = number.toString(16).padStart(12, "0");
  const bytes = hexadecimal.match(/../g) ?? [];
  const isOdd = profile === "mixed" && side === "source" && number % 10 === 3;
  return {
    device: deviceName(index),
    name: `Ethernet${place}`,
    enabled: isOdd ? (enabled ? "true" : "false") : enabled,
    mtu: isOdd ? String(mtu) : mtu,
    mac: isOdd ? bytes.join("-").toUpperCase() : bytes.join(":"),
    description: `link ${number}`,
  };
}

export function siteName(index: number): string {
  return `site-${pad(index % 1000, 4)}`;
}

function deviceName(index: number): string {
  return `device-${pad(index, 8)}`;
}

/** What any correct diff of these records reports, from the residues alone. */
export function expectedSummary(shape: Shape, size: number): Summary {
  const devices = deviceCount(shape, size);
  const count = (residue: number, of: number): number =>
    of > residue ? Math.floor((of - residue + 99) / 100) : 0;
  const perDevice = shape === "flat" ? 1 : interfacesPerDevice + 1;
  const creates = count(created, devices) * perDevice;
  const deletes = count(deleted, devices) * perDevice;
  let updates = count(changed, devices);
  if (shape === "tree") updates += count(changedInterface, devices * interfacesPerDevice);
  const total = devices * perDevice;
  return {
    create: creates,
    update: updates,
    delete: deletes,
    "no-change": total - creates - deletes - updates,
    skip: 0,
  };
}

/** The records of a side as `bench.py --records` prints them: a line of JSON each. */
export function* recordLines(
  shape: Shape,
  size: number,
  side: Side,
  profile: Profile,
): Generator<string> {
  for (let index = 0; index < deviceCount(shape, size); index++) {
    if (!isPresent(index, side)) continue;
    const { site, name, ...attrs } = device(index, side, profile);
    yield JSON.stringify({ model: "device", ids: { site, name }, attrs });
    if (shape === "flat") continue;
    for (let place = 0; place < interfacesPerDevice; place++) {
      const { device: owner, name: own, ...rest } = port(index, place, side, profile);
      yield JSON.stringify({ model: "interface", ids: { device: owner, name: own }, attrs: rest });
    }
  }
}
