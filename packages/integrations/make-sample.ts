// Writes the sample estate that the Example Data Source reads: `npx node packages/integrations/make-sample.ts`.
// The estate is made up; addresses are private or set aside for documentation.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify as toCsv } from "csv-stringify/sync";
import { stringify as toYaml } from "yaml";

interface Site {
  name: string;
  code: string;
  country: string;
  timeZone: string;
  latitude: number;
  longitude: number;
  street: string;
  tenant: string;
  buildings: string[];
  isPlanned?: boolean;
}

const folder = join(import.meta.dirname, "sample");

const regions: Record<string, string[]> = {
  Europe: ["Germany", "Netherlands", "France", "Poland"],
  "North America": ["United States", "Canada"],
  "Asia Pacific": ["Japan", "Australia"],
};

// prettier-ignore
const sites: Site[] = [
  { name: "Berlin", code: "ber", country: "Germany", timeZone: "Europe/Berlin", latitude: 52.520008, longitude: 13.404954, street: "Lindenstraße 12, 10969 Berlin", tenant: "Headquarters", buildings: ["House A", "House B"] },
  { name: "Munich", code: "muc", country: "Germany", timeZone: "Europe/Berlin", latitude: 48.135125, longitude: 11.581981, street: "Lindwurmstraße 88, 80337 München", tenant: "Research", buildings: ["Main building"] },
  { name: "Amsterdam", code: "ams", country: "Netherlands", timeZone: "Europe/Amsterdam", latitude: 52.367573, longitude: 4.904139, street: "Kabelweg 37, 1014 BA Amsterdam", tenant: "Hosting", buildings: ["Hall 1", "Hall 2"] },
  { name: "Lyon", code: "lys", country: "France", timeZone: "Europe/Paris", latitude: 45.764043, longitude: 4.835659, street: "12 Rue de la République, 69001 Lyon", tenant: "Sales", buildings: ["Main building"] },
  { name: "Kraków", code: "krk", country: "Poland", timeZone: "Europe/Warsaw", latitude: 50.06465, longitude: 19.94498, street: "ul. Lubicz 23, 31-503 Kraków", tenant: "Research", buildings: ["Main building", "Annex"] },
  { name: "Ashburn", code: "iad", country: "United States", timeZone: "America/New_York", latitude: 39.043757, longitude: -77.487442, street: "21715 Filigree Court, Ashburn, VA 20147", tenant: "Hosting", buildings: ["Hall 1", "Hall 2"] },
  { name: "Denver", code: "den", country: "United States", timeZone: "America/Denver", latitude: 39.739236, longitude: -104.990251, street: "1801 California Street, Denver, CO 80202", tenant: "Sales", buildings: ["Main building"] },
  { name: "Toronto", code: "yyz", country: "Canada", timeZone: "America/Toronto", latitude: 43.653226, longitude: -79.383184, street: "151 Front Street West, Toronto, ON M5J 2N1", tenant: "Retail", buildings: ["Main building"] },
  { name: "Osaka", code: "kix", country: "Japan", timeZone: "Asia/Tokyo", latitude: 34.693738, longitude: 135.502165, street: "2-4-9 Umeda, Kita-ku, Osaka 530-0001", tenant: "Manufacturing", buildings: ["Plant 1", "Plant 2"] },
  { name: "Sydney", code: "syd", country: "Australia", timeZone: "Australia/Sydney", latitude: -33.86882, longitude: 151.20929, street: "400 Harris Street, Ultimo NSW 2007", tenant: "Retail", buildings: ["Main building"], isPlanned: true },
];

const tenants: Record<string, string> = {
  Headquarters: "Finance, people, legal",
  Research: "Laboratories and test fleets",
  Hosting: "Platforms run for the other tenants",
  Sales: "Branch offices",
  Retail: "Shops and their tills",
  Manufacturing: "Plants and warehouses",
  "Network team": "Everything that carries the rest",
  "Guest services": "Wireless access for visitors",
};

const networks = [
  { id: 10, name: "management", tenant: "Network team", tags: ["managed"] },
  { id: 20, name: "users", tenant: null, tags: ["dhcp"] },
  { id: 30, name: "servers", tenant: null, tags: ["managed", "monitored"] },
  { id: 40, name: "guests", tenant: "Guest services", tags: ["dhcp"] },
];

const location = (...names: string[]): Record<string, unknown> => {
  const [name, ...rest] = names;
  return rest.length === 0 ? { name } : { name, parent: location(...rest) };
};
const regionOf = (country: string): string =>
  Object.keys(regions).find((region) => regions[region]?.includes(country)) ?? "";
const siteReference = (site: Site) => location(site.name, site.country, regionOf(site.country));

function yamlFile(plural: string, records: object[]): void {
  writeFileSync(join(folder, `${plural}.yaml`), toYaml(records, { lineWidth: 0 }));
}

function csvFile(plural: string, records: Record<string, string>[]): void {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  writeFileSync(join(folder, `${plural}.csv`), toCsv(records, { header: true, columns }));
}

const ipam = ["ipam.prefix", "ipam.ipaddress"];
const everything = ["dcim.location", ...ipam];

mkdirSync(folder, { recursive: true });

yamlFile("statuses", [
  { name: "Active", color: "4caf50", description: "In use", content_types: everything },
  {
    name: "Planned",
    color: "00bcd4",
    description: "Decided, not there yet",
    content_types: ["dcim.location"],
  },
  {
    name: "Staging",
    color: "2196f3",
    description: "Being set up",
    content_types: ["dcim.location"],
  },
  {
    name: "Decommissioning",
    color: "ffc107",
    description: "On its way out",
    content_types: ["dcim.location"],
  },
  {
    name: "Retired",
    color: "9e9e9e",
    description: "No longer in use",
    content_types: ["dcim.location"],
  },
  {
    name: "Reserved",
    color: "00bcd4",
    description: "Kept free for a purpose",
    content_types: ipam,
  },
  {
    name: "Deprecated",
    color: "f44336",
    description: "Do not use for anything new",
    content_types: ipam,
  },
]);

yamlFile("tags", [
  {
    name: "managed",
    color: "3f51b5",
    description: "Configured by automation",
    content_types: everything,
  },
  {
    name: "monitored",
    color: "4caf50",
    description: "Watched around the clock",
    content_types: everything,
  },
  { name: "dhcp", color: "ff9800", description: "Addresses are leased", content_types: ipam },
  {
    name: "internet-facing",
    color: "f44336",
    description: "Reachable from outside",
    content_types: ipam,
  },
  {
    name: "key-site",
    color: "9c27b0",
    description: "Outages here are escalated",
    content_types: ["dcim.location"],
  },
  {
    name: "under-contract",
    color: "795548",
    description: "Belongs to a customer contract",
    content_types: ["tenancy.tenant", "dcim.location"],
  },
]);

yamlFile(
  "tenants",
  Object.entries(tenants).map(([name, description]) => ({
    name,
    description,
    ...(name === "Hosting"
      ? { comments: "On call: +49 30 5550 100", tags: ["under-contract"] }
      : {}),
  })),
);

yamlFile("location_types", [
  { name: "Region", description: "A part of the world or a country", nestable: true },
  {
    name: "Site",
    description: "A campus at one address",
    parent: "Region",
    content_types: ["ipam.namespace", "ipam.prefix"],
  },
  {
    name: "Building",
    description: "A building or hall of a site",
    parent: "Site",
    content_types: ["ipam.prefix"],
  },
]);

yamlFile("locations", [
  ...Object.entries(regions).flatMap(([region, countries]) => [
    { name: region, location_type: "Region", status: "Active" },
    ...countries.map((country) => ({
      name: country,
      parent: location(region),
      location_type: "Region",
      status: "Active",
    })),
  ]),
  ...sites.flatMap((site) => {
    const status = site.isPlanned ? "Planned" : "Active";
    return [
      {
        name: site.name,
        parent: location(site.country, regionOf(site.country)),
        location_type: "Site",
        status,
        tenant: site.tenant,
        facility: site.code.toUpperCase(),
        time_zone: site.timeZone,
        physical_address: site.street,
        latitude: String(site.latitude),
        longitude: String(site.longitude),
        contact_email: `${site.code}@plumbline.example`,
        ...(site.buildings.length > 1 ? { tags: ["key-site"] } : {}),
      },
      ...site.buildings.map((building, index) => ({
        name: building,
        parent: siteReference(site),
        location_type: "Building",
        status,
        facility: `${site.code.toUpperCase()}-${index + 1}`,
      })),
    ];
  }),
]);

yamlFile("namespaces", [
  { name: "Global", description: "The company's own address space" },
  {
    name: "Laboratory",
    description: "Isolated test networks; they reuse addresses of Global",
    location: location("Munich", "Germany", "Europe"),
    tenant: "Research",
  },
]);

const prefixes: Record<string, string>[] = [];
const addresses: Record<string, string>[] = [];

function prefix(cidr: string, type: string, more: Record<string, string> = {}): void {
  prefixes.push({ namespace: "Global", prefix: cidr, type, status: "Active", ...more });
}

function address(
  host: string,
  length: number,
  name: string,
  more: Record<string, string> = {},
): void {
  addresses.push({
    namespace: "Global",
    host,
    mask_length: String(length),
    type: "host",
    status: "Active",
    dns_name: name === "" ? "" : `${name}.plumbline.example`,
    ...more,
  });
}

prefix("10.0.0.0/8", "container", { description: "Private addresses of all sites" });
prefix("2001:db8::/32", "container", { description: "IPv6 addresses of all sites" });
prefix("198.51.100.0/24", "network", {
  tenant: "Hosting",
  description: "Public services",
  tags: "internet-facing|monitored",
});
prefix("203.0.113.0/24", "pool", { tenant: "Network team", description: "Address translation" });

sites.forEach((site, index) => {
  const block = `10.${(index + 1) * 4}`;
  const block6 = `2001:db8:${(index + 1).toString(16)}`;
  const status = site.isPlanned ? "Reserved" : "Active";
  const locations = JSON.stringify([siteReference(site)]);
  prefix(`${block}.0.0/16`, "container", { status, locations, description: site.name });
  prefix(`${block6}::/48`, "container", { status, locations, description: site.name });
  for (const network of networks) {
    const more = {
      status,
      tenant: network.tenant ?? site.tenant,
      locations,
      description: `${site.name} ${network.name}`,
      tags: network.tags.join("|"),
      date_allocated: `20${19 + (index % 6)}-0${1 + (index % 9)}-15T09:00:00Z`,
    };
    prefix(`${block}.${network.id}.0/24`, "network", more);
    if (network.name !== "guests") prefix(`${block6}:${network.id}::/64`, "network", more);
  }
  if (site.isPlanned) return;
  for (const network of networks) {
    const tenant = network.tenant ?? site.tenant;
    const name = `gw-${network.name}.${site.code}`;
    address(`${block}.${network.id}.1`, 24, name, { tenant, description: "Gateway" });
    if (network.name !== "guests") {
      address(`${block6}:${network.id}::1`, 64, name, { tenant, description: "Gateway" });
    }
  }
  for (let n = 1; n <= 2 + (index % 3); n++) {
    address(`${block}.10.${10 + n}`, 24, `sw${n}.${site.code}`, {
      tenant: "Network team",
      tags: "managed",
    });
  }
  for (const [n, role] of ["dns", "log", "files", "backup"].slice(0, 2 + (index % 3)).entries()) {
    address(`${block}.30.${20 + n}`, 24, `${role}1.${site.code}`, {
      tenant: site.tenant,
      tags: "managed|monitored",
    });
    address(`${block6}:30::${20 + n}`, 64, `${role}1.${site.code}`, {
      tenant: site.tenant,
      tags: "managed|monitored",
    });
  }
  address(`${block}.20.200`, 24, "", { type: "dhcp", description: "Printer, leased" });
});

for (const [n, service] of ["www", "mail", "vpn", "shop"].entries()) {
  address(`198.51.100.${10 + n}`, 24, service, {
    tenant: "Hosting",
    tags: "internet-facing",
    ...(service === "www"
      ? { nat_inside: JSON.stringify({ namespace: "Global", host: "10.12.30.20" }) }
      : {}),
  });
}

prefix("10.0.0.0/8", "container", {
  namespace: "Laboratory",
  description: "Reused in the laboratory",
});
for (const bench of [1, 2, 3]) {
  prefix(`10.99.${bench}.0/24`, "network", {
    namespace: "Laboratory",
    tenant: "Research",
    description: `Bench ${bench}`,
  });
  address(`10.99.${bench}.1`, 24, `bench${bench}.lab`, {
    namespace: "Laboratory",
    tenant: "Research",
  });
}

csvFile("prefixes", prefixes);
csvFile("ip_addresses", addresses);
