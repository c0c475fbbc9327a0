import type { TextOrder } from "@plumbline/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { orderFunctions } from "../../src/inventory/order-functions.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

type Ordered = readonly { readonly name: string; readonly form: string }[];

async function ordered(order: TextOrder, names: readonly string[]): Promise<Ordered> {
  const { rows } = await database.pool.query<{ name: string; form: string }>(
    `select name, form from (select name, ${orderFunctions[order]}(name) as form from unnest($1::text[]) name) n
      order by form collate "C", name collate "C"`,
    [names],
  );
  return rows;
}

async function sorted(order: TextOrder, ...names: string[]): Promise<string[]> {
  // Shuffled, so that the order is not the one they were given in.
  return (await ordered(order, names.toReversed())).map(({ name }) => name);
}

describe("names in natural order", () => {
  it.each([
    ["runs of digits are the numbers they are", ["Rack 2", "Rack 10", "Rack 100"]],
    ["so are those in the middle", ["a2-b10", "a10-b2", "a10-b9", "a10-b11"]],
    ["and those at the beginning", ["2", "2nd floor", "10", "10th floor"]],
    ["without digits they go by code point", ["Berlin", "Bern", "berlin", "Ärzte"]],
    ["what is shorter comes first", ["leaf", "leaf1", "leaf1a"]],
    ["zero is before one", ["a0", "a1"]],
    [
      "numbers may have any number of digits",
      [
        "a99999999",
        "a123456789",
        "a9999999999999999",
        "a10000000000000000",
        `a1${"0".repeat(200)}`,
      ],
    ],
    ["digits stand where they stand among other characters", ["a-", "a.", "a0", "a9", "a:", "aa"]],
  ])("%s", async (_says, names) => {
    expect(await sorted("natural", ...names)).toEqual(names);
  });

  it("leading zeros make no difference", async () => {
    const rows = await ordered("natural", ["a7", "a007", "a0", "a000"]);
    expect(rows.map(({ name }) => name)).toEqual(["a0", "a000", "a007", "a7"]);
    expect(new Set(rows.map(({ form }) => form)).size).toBe(2);
  });
});

describe("names of interfaces in their order", () => {
  it.each([
    ["ports are numbers", ["Ethernet1", "Ethernet2", "Ethernet10"]],
    ["so are slots", ["1/1/1", "1/1/2", "1/1/10", "1/2/1", "10/1/1"]],
    ["slots come before types", ["Gi1/0/1", "Gi1/0/2", "Te1/0/1", "Gi2/0/1", "Te2/0/1"]],
    ["types come before ports", ["Gi1", "Gi3", "Te2"]],
    ["what has no slot comes last", ["Et1/1/1", "Et1/1", "Et1", "Lo0"]],
    ["channels and circuits come after ports", ["xe-0/0/1", "xe-0/0/1.0", "xe-0/0/1:2"]],
    ["and are numbers too", ["Se0:2", "Se0:2.9", "Se0:2.10", "Se0:10"]],
    ["what follows goes by natural order", ["Po1 (2)", "Po1 (10)", "Po1a"]],
    ["more than four slots are as good as none", ["1/2/3/4/5/9", "1/2/3/4/5/10"]],
    ["parts may be empty", ["1/", ".5", "1", "1.", "Et", "Et:", "Et1:"]],
    ["numbers may have any number of digits", ["Et99999999", "Et123456789", "Et1000000000000"]],
  ])("%s", async (_says, names) => {
    expect(await sorted("interface", ...names)).toEqual(names);
  });
});

type Token = string | bigint;

/** Characters and numbers, one after the other. */
function tokensOf(text: string): Token[] {
  return (text.match(/[0-9]+|./gsu) ?? []).map((part) =>
    /^[0-9]/.test(part) ? BigInt(part) : part,
  );
}

/** An interface's numbers before slashes, what ends them, its type, and its numbers or what is before any. */
function interfaceTokens(name: string): Token[] {
  const [, type = "", slots = "", port, channel, circuit, rest = ""] =
    /^([^0-9.:]*)((?:[0-9]+\/){0,4})([0-9]+)?(?::([0-9]+))?(?:\.([0-9]+))?(.*)$/su.exec(name) ?? [];
  const numbers = [port, channel, circuit].map((part) => (part === undefined ? "." : BigInt(part)));
  const slotNumbers = slots.split("/").slice(0, -1).map(BigInt);
  return [...slotNumbers, ":", ...Array.from(type), ...numbers, ...tokensOf(rest)];
}

/** A number stands among characters where digits do. */
function compareTokens(one: readonly Token[], other: readonly Token[]): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [one[at]!, other[at]!];
    if (a === b) continue;
    if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : 1;
    const place = (token: Token) => (typeof token === "bigint" ? "5" : token).codePointAt(0)!;
    return place(a) - place(b);
  }
  return one.length - other.length;
}

const piece = fc.oneof(
  fc.constantFrom("Ethernet", "Gi", "xe-", "/", "/", ":", ".", "-", " ", "_", "é", "😀", "(", "~"),
  fc.constantFrom("0", "1", "2", "9", "10", "00", "01", "99999999", "100000000"),
  fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
);
const name = fc.oneof(
  fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join("")),
  // As most are: "Gi1/0/12", "et-0/0/1:2.300".
  fc
    .tuple(
      fc.constantFrom("", "Gi", "Te", "et-"),
      fc.array(fc.nat(30), { maxLength: 5 }),
      fc.constantFrom("", "4", "12", ":2", "5:1.300", "7.30", "8 b"),
    )
    .map(([type, slots, port]) => `${type}${slots.map((slot) => `${slot}/`).join("")}${port}`),
);

it.each<[TextOrder, (name: string) => Token[]]>([
  ["natural", tokensOf],
  ["interface", interfaceTokens],
])("whatever the names, %s order compares their parts one after the other", async (order, read) => {
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 2, maxLength: 60 }), async (names) => {
      const rows = await ordered(order, names);
      for (const [at, row] of rows.slice(1).entries()) {
        const before = rows[at]!;
        const compared = compareTokens(read(before.name), read(row.name));
        expect([before.name, row.name, Math.sign(compared)]).toEqual([
          before.name,
          row.name,
          before.form === row.form ? 0 : -1,
        ]);
      }
    }),
    { numRuns: 150 },
  );
});

it("the longest names fit into an index, whatever they are made of", async () => {
  const { rows } = await database.pool.query<{ bytes: number }>(
    `select octet_length(${orderFunctions.interface}(name)) as bytes
       from unnest(array[repeat('😀1', 127), repeat('1', 255), repeat('1/', 127), repeat('😀', 255)]) name`,
  );
  for (const { bytes } of rows) expect(bytes).toBeLessThan(1100);
});

it("a dump is restored, where nothing is looked for on the search path", async () => {
  const client = await database.pool.connect();
  try {
    await client.query("begin; set local search_path = ''");
    const { rows } = await client.query<{ form: string }>(
      "select public.interface_order('Et1/10') as form union all select public.natural_order('a10')",
    );
    expect(rows.map(({ form }) => form)).toEqual(["11/:Et210..", "a210"]);
  } finally {
    await client.query("rollback");
    client.release();
  }
});
