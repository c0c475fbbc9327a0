import ipaddr from "ipaddr.js";
import { createField, expected } from "./create-field.ts";
import type { Field } from "./field.ts";

const canonicalMac = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** A MAC address: lower case with colons, whatever separators it came with. */
export function mac(): Field<string> {
  return createField("mac", {}, (input) => {
    // Most come so: the rest costs a tenth of loading an interface.
    if (typeof input === "string" && canonicalMac.test(input)) return input;
    const digits = typeof input === "string" ? input.trim().replace(/[:.\-\s]/g, "") : "";
    if (!/^[0-9a-fA-F]{12}$/.test(digits)) throw expected("a MAC address", input);
    return (digits.toLowerCase().match(/../g) ?? []).join(":");
  });
}

/** A host address, IPv4 or IPv6, without a mask: "192.0.2.1", "2001:db8::1". */
export function ipAddress(): Field<string> {
  return createField("ip-address", {}, (input) => {
    const address = typeof input === "string" ? readAddress(input.trim()) : null;
    if (!address) throw expected("an IP address", input);
    return showAddress(address);
  });
}

/** An address and its mask length: "192.0.2.1/24". */
export function ipInterface(): Field<string> {
  return createField("ip-interface", {}, (input) => {
    const parsed = readWithLength(input);
    if (!parsed) throw expected('an IP address with a mask length, like "192.0.2.1/24"', input);
    return `${showAddress(parsed.address)}/${parsed.length}`;
  });
}

/** A network: bits beyond the mask length are dropped, so "192.0.2.1/24" is "192.0.2.0/24". */
export function prefix(): Field<string> {
  return createField("prefix", {}, (input) => {
    const parsed = readWithLength(input);
    if (!parsed) throw expected('a network prefix, like "192.0.2.0/24"', input);
    return `${showAddress(dropHostBits(parsed.address, parsed.length))}/${parsed.length}`;
  });
}

/** 4 bytes, or 8 groups of 16 bits. */
type Address = readonly number[];

function readWithLength(input: unknown): { address: Address; length: number } | null {
  if (typeof input !== "string") return null;
  const slash = input.indexOf("/");
  const address = slash < 0 ? null : readAddress(input.slice(0, slash).trim());
  const digits = input.slice(slash + 1).trim();
  if (!address || !/^\d{1,3}$/.test(digits)) return null;
  const length = Number(digits);
  return length <= (address.length === 4 ? 32 : 128) ? { address, length } : null;
}

const fourParts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function readAddress(given: string): Address | null {
  const match = fourParts.exec(given);
  if (match) {
    const bytes = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])];
    // A leading zero means octal to some programs: refused rather than guessed.
    const isPlain = match.slice(1).every((part) => part.length === 1 || !part.startsWith("0"));
    return isPlain && bytes.every((byte) => byte <= 255) ? bytes : null;
  }
  if (!given.includes(":") || given.includes("%") || !ipaddr.IPv6.isValid(given)) return null;
  // The library takes ::192.0.2.1 for ::ffff:192.0.2.1, which is another address.
  return ipaddr.IPv6.parse(given.startsWith("::") ? `0${given}` : given).parts;
}

function dropHostBits(address: Address, length: number): Address {
  const width = address.length === 4 ? 8 : 16;
  const full = 2 ** width - 1;
  return address.map((group, index) => {
    const kept = Math.min(Math.max(length - index * width, 0), width);
    return group & ((full << (width - kept)) & full);
  });
}

/** As PostgreSQL writes it: RFC 5952, the dotted form for addresses that embed an IPv4 one. */
function showAddress(address: Address): string {
  if (address.length === 4) return address.join(".");
  const [, , , , , g5 = 0, g6 = 0, g7 = 0] = address;
  const leading = address.findIndex((group) => group !== 0);
  if ((leading === 5 && g5 === 0xffff) || leading === 6) {
    const dotted = [g6 >> 8, g6 & 255, g7 >> 8, g7 & 255].join(".");
    return leading === 5 ? `::ffff:${dotted}` : `::${dotted}`;
  }
  return new ipaddr.IPv6([...address]).toRFC5952String();
}
