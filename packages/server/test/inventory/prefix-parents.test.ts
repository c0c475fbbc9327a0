import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Change } from "@plumbline/sync";
import { contentTypes, creates, deletes, openHub, type TestHub, updates } from "./hub-support.ts";

let hub: TestHub;

beforeAll(async () => {
  hub = await openHub();
  await hub.fill(
    creates("status", { name: "Active", content_types: contentTypes }),
    creates("namespace", { name: "Global" }),
    creates("namespace", { name: "Lab" }),
  );
});
afterAll(() => hub.drop());

// Few bits, so that networks often contain each other.
const network = fc
  .tuple(fc.boolean(), fc.nat(15), fc.integer({ min: 0, max: 4 }))
  .map(([isV6, bits, length]) => {
    const kept = (bits >> (4 - length)) << (4 - length);
    return isV6
      ? `2001:db8:${(kept << 12).toString(16)}::/${32 + length}`
      : `10.${kept << 4}.0.0/${8 + length}`;
  });
const namespace = fc.constantFrom("Global", "Lab");
const place = fc.tuple(namespace, network);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      places: fc.array(place, { maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("remove" as const),
      places: fc.array(place, { maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("move" as const), from: place, to: network }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("rehome" as const), from: place, to: namespace }),
  },
);

/** What hangs under the wrong prefix, looked for by comparing all with all. */
const misplaced = `
  select p.prefix::text from prefixes p
   where p.parent_id is distinct from (
     select q.id from prefixes q where q.namespace_id = p.namespace_id and q.prefix >> p.prefix
      order by masklen(q.prefix) desc limit 1)
  union all
  select a.host::text from ip_addresses a
   where a.parent_id is distinct from (
     select q.id from prefixes q where q.namespace_id = a.namespace_id and q.prefix >>= a.host
      order by masklen(q.prefix) desc limit 1)`;

it(
  "everything always hangs under the longest prefix that contains it",
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        await hub.database.pool.query("truncate prefixes, ip_addresses cascade");
        for (const change of steps) {
          const changes: Change[] = [];
          if (change.kind === "add") {
            for (const [space, prefix] of change.places) {
              changes.push(creates("prefix", { namespace: space, prefix, status: "Active" }));
            }
          } else {
            const places = change.kind === "remove" ? change.places : [change.from];
            const wanted = new Set(places.map(([space, prefix]) => `${prefix} (${space})`));
            for (const record of await hub.load("prefix")) {
              const [space, prefix] = JSON.parse(record.key) as [[string], string];
              if (!wanted.has(`${prefix} (${space[0]})`)) continue;
              if (change.kind === "remove") changes.push(deletes(record));
              else if (change.kind === "move") changes.push(updates(record, { prefix: change.to }));
              else changes.push(updates(record, { namespace: change.to }));
            }
          }
          const unique = [...new Map(changes.map((item) => [item.key, item])).values()];
          await hub.apply(...unique);
          // Addresses come where prefixes are; they hold those in place.
          await hub.apply(
            ...unique
              .filter(({ action }) => action === "create")
              .map(({ key }) => {
                const [[space], prefix] = JSON.parse(key) as [[string], string];
                return creates("ip_address", {
                  namespace: space,
                  host: prefix.replace(/\/.*/, ""),
                  mask_length: 32,
                  status: "Active",
                });
              }),
          );
          const { rows } = await hub.database.pool.query(misplaced);
          expect(rows).toEqual([]);
        }
      }),
      { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 25) },
    );
  },
);
