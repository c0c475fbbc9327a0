// Lists of what is numbered, in the order in which people count: on the pages, and for Nautobot's clients.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestApp, type TestApp } from "./app.ts";

interface Answer {
  readonly items?: readonly Listed[];
  readonly results?: readonly Listed[];
}
type Listed = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly values?: Readonly<Record<string, unknown>>;
};

const ports = [
  "Management1",
  "Ethernet1",
  "Ethernet2",
  "Ethernet10",
  "Ethernet1/2",
  "Ethernet1/10",
];
/** The order of an interface is by slot, and what has none comes last. */
const portsInOrder = [
  ...["Ethernet1/2", "Ethernet1/10", "Ethernet1", "Ethernet2", "Ethernet10", "Management1"],
];
let server: TestApp;

beforeAll(async () => {
  server = await createTestApp();
  const { pool } = server.database;
  await pool.query(`
    insert into statuses (name, content_types) values ('Active', '{}');
    insert into roles (name, content_types) values ('Leaf', '{}');
    insert into location_types (name) values ('Site');
    insert into manufacturers (name) values ('Acme');
    insert into device_types (manufacturer_id, model) select id, 'A-48' from manufacturers;
    insert into locations (name, location_type_id, status_id)
      select n, t.id, s.id from location_types t, statuses s, unnest(array['Hall 10', 'Hall 2', 'Hall 1']) n;
    insert into locations (name, location_type_id, status_id, parent_id)
      select n, p.location_type_id, p.status_id, p.id
        from locations p, unnest(array['Room 2', 'Room 11', 'Room 1']) n where p.name in ('Hall 2', 'Hall 10');
    insert into racks (name, location_id, status_id)
      select n, l.id, s.id from locations l, statuses s, unnest(array['R10', 'R9', 'R1']) n where l.name = 'Hall 1'`);
  await pool.query(
    `insert into devices (name, location_id, device_type_id, status_id, role_id)
       select n, l.id, t.id, s.id, r.id
         from unnest($1::text[]) n, locations l, device_types t, statuses s, roles r where l.name = 'Hall 1'`,
    [["leaf10", "leaf9", "leaf1", null, "leaf2", "leaf02", "leaf002"]],
  );
  await pool.query(
    `insert into interfaces (name, device_id, status_id, type)
       select n, d.id, s.id, '1000base-t' from unnest($1::text[]) n, devices d, statuses s
        where d.name in ('leaf2', 'leaf02', 'leaf10')`,
    [ports],
  );
  await pool.query(
    `insert into interface_templates (name, device_type_id, type)
       select n, id, '1000base-t' from unnest($1::text[]) n, device_types`,
    [ports],
  );
});
afterAll(() => server.close());

const apis = {
  pages: {
    device: "/api/inventory/devices",
    interface: "/api/inventory/interfaces",
    interface_template: "/api/inventory/interface_templates",
    location: "/api/inventory/locations",
    rack: "/api/inventory/racks",
  },
  clients: {
    device: "/api/dcim/devices/",
    interface: "/api/dcim/interfaces/",
    interface_template: "/api/dcim/interface-templates/",
    location: "/api/dcim/locations/",
    rack: "/api/dcim/racks/",
  },
} as const;

async function listed(path: string): Promise<readonly Listed[]> {
  const { items, results } = await server.read<Answer>(path);
  return items ?? results ?? [];
}

async function names(path: string): Promise<unknown[]> {
  return (await listed(path)).map((each) => (each.values ?? each)["name"]);
}

async function idOf(table: string, name: string): Promise<string> {
  const { rows } = await server.database.pool.query<{ id: string }>(
    `select id from ${table} where name = $1`,
    [name],
  );
  return rows[0]?.id ?? "";
}

describe.each(Object.entries(apis))(
  "names are ordered by their numbers for the %s:",
  (api, path) => {
    it("locations, devices and racks in the list's own order and by name, either way", async () => {
      const halls = ["Hall 1", "Hall 2", "Hall 10"];
      for (const sort of ["", "&sort=name"]) {
        expect(await names(`${path.location}?parent=null${sort}`)).toEqual(halls);
        expect(await names(`${path.rack}?limit=50${sort}`)).toEqual(["R1", "R9", "R10"]);
      }
      expect(await names(`${path.location}?parent=null&sort=-name`)).toEqual(halls.toReversed());
      const leaves = (await names(`${path.device}?sort=-name&name__re=9|0$|1$`)).filter(Boolean);
      expect(leaves).toEqual(["leaf10", "leaf9", "leaf1"]);
    });

    it("what has no name comes where it did", async () => {
      const [up, down] = [
        await names(`${path.device}?sort=name`),
        await names(`${path.device}?sort=-name`),
      ];
      expect(up.at(-1)).toBe(null);
      expect(down.at(api === "pages" ? -1 : 0)).toBe(null);
    });

    it("interfaces of a device by slot, type and port, and those of a type's templates", async () => {
      const device = await idOf("devices", "leaf10");
      for (const sort of ["", "&sort=name", "&sort=device"]) {
        expect(await names(`${path.interface}?device=${device}${sort}`)).toEqual(portsInOrder);
      }
      const down = portsInOrder.toReversed();
      expect(await names(`${path.interface}?device=${device}&sort=-name`)).toEqual(down);
      expect(await names(`${path.interface}?device=${device}&sort=-device`)).toEqual(down);
      expect(await names(path.interface_template)).toEqual(portsInOrder);
      expect(await names(`${path.interface_template}?sort=-device_type`)).toEqual(down);
    });

    it("what is sorted by a reference goes by what that is called", async () => {
      const known = new Map(
        (await listed(path.device)).map((each) => [each.id, (each.values ?? each)["name"]]),
      );
      const devices = async (sort: string) => {
        const ids = (await listed(`${path.interface}?sort=${sort}`)).map(
          (each) => ((each.values ?? each)["device"] as { readonly id: string }).id,
        );
        return [...new Set(ids)].map((id) => known.get(id));
      };
      const up = await devices("device");
      expect(up.at(-1)).toBe("leaf10");
      expect(up.slice(0, 2).toSorted()).toEqual(["leaf02", "leaf2"]);
      expect(await devices("-device")).toEqual(up.toReversed());
    });

    it.each(["", "name", "-name", "device", "-device", "status"])(
      "pages sorted by %j leave nothing out and repeat nothing, where names come to the same",
      async (sort) => {
        for (const model of ["device", "interface"] as const) {
          if (model === "device" && sort.endsWith("device")) continue;
          const query = sort === "" ? "" : `&sort=${sort}`;
          const whole = (await listed(`${path[model]}?limit=50${query}`)).map(({ id }) => id);
          const paged: string[] = [];
          for (let offset = 0; offset < whole.length; offset += 2) {
            const page = await listed(`${path[model]}?limit=2&offset=${offset}${query}`);
            paged.push(...page.map(({ id }) => id));
          }
          expect(new Set(whole).size).toBe(model === "device" ? 7 : 3 * ports.length);
          expect(paged).toEqual(whole);
        }
      },
    );

    it("filters and searches take names as they are written", async () => {
      expect(await names(`${path.device}?name=leaf02`)).toEqual(["leaf02"]);
      expect(await names(`${path.device}?name__isw=leaf0&sort=-name`)).toHaveLength(2);
      expect(await names(`${path.device}?q=leaf1`)).toEqual(["leaf1", "leaf10"]);
    });
  },
);

it("what is below a place comes after it, each level in its order", async () => {
  const ids = await Promise.all(["Hall 10", "Hall 2"].map((name) => idOf("locations", name)));
  const query = ids.map((id) => `subtree=${id}`).join("&");
  expect(await names(`/api/dcim/locations/?${query}`)).toEqual([
    ...["Hall 2", "Room 1", "Room 2", "Room 11"],
    ...["Hall 10", "Room 1", "Room 2", "Room 11"],
  ]);
});

it("places whose names come to the same keep what is below each together", async () => {
  const { pool } = server.database;
  await pool.query(`
    insert into locations (name, location_type_id, status_id)
      select n, location_type_id, status_id from locations, unnest(array['Yard 1', 'Yard 01']) n
       where locations.name = 'Hall 1';
    insert into locations (name, location_type_id, status_id, parent_id)
      select p.name || ' ' || part, location_type_id, status_id, p.id
        from locations p, unnest(array['a', 'b', 'c']) part where p.name like 'Yard %'`);
  const ids = await Promise.all(["Yard 1", "Yard 01"].map((name) => idOf("locations", name)));
  const found = await names(`/api/dcim/locations/?${ids.map((id) => `subtree=${id}`).join("&")}`);
  const first = found[0] === "Yard 1" ? ["Yard 1", "Yard 01"] : ["Yard 01", "Yard 1"];
  expect(found).toEqual(first.flatMap((yard) => [yard, `${yard} a`, `${yard} b`, `${yard} c`]));
});

it("the search over everything shows the first ones in their order", async () => {
  const { items } = await server.read<{ items: { name: string; model: string }[] }>(
    "/api/search?q=Hall",
  );
  const halls = items.filter(({ model }) => model === "location").map(({ name }) => name);
  expect(halls).toEqual(["Hall 1", "Hall 2", "Hall 10"]);
});

it("an export has the order of its list, and nothing of how it is ordered", async () => {
  const csv = await server.request("/api/inventory/devices/export?sort=name&name__re=9|0$|1$");
  const [header = "", ...lines] = (await csv.text()).trim().split("\n");
  expect(header).not.toMatch("order");
  expect(lines.map((line) => line.split(",")[0])).toEqual(["leaf1", "leaf9", "leaf10"]);
  const [device] = await listed("/api/dcim/devices/?name=leaf9");
  expect(Object.keys(device ?? {}).filter((member) => member.includes("order"))).toEqual([]);
});
