// Writes the sample estate that the Example Data Source reads: `npx node packages/integrations/make-sample.ts`.
// The estate is made up; addresses are private or set aside for documentation.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify as toCsv } from "csv-stringify/sync";
import { stringify as toYaml } from "yaml";
import { networks, regionOf, regions, type Site, sites, tenants } from "./sample-company.ts";

const folder = join(import.meta.dirname, "sample");

const location = (...names: string[]): Record<string, unknown> => {
  const [name, ...rest] = names;
  return rest.length === 0 ? { name } : { name, parent: location(...rest) };
};
const siteReference = ({ name, country }: Site) => location(name, country, regionOf(country));

function yamlFile(plural: string, records: object[]): void {
  writeFileSync(join(folder, `${plural}.yaml`), toYaml(records, { lineWidth: 0 }));
}

function csvFile(plural: string, records: Record<string, string>[]): void {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  writeFileSync(join(folder, `${plural}.csv`), toCsv(records, { header: true, columns }));
}

const ipam = ["ipam.prefix", "ipam.ipaddress"];
const hardware = ["dcim.device", "dcim.rack", "dcim.interface"];
const everything = ["dcim.location", ...hardware, ...ipam, "ipam.vlan", "ipam.vrf"];

mkdirSync(folder, { recursive: true });

yamlFile("statuses", [
  { name: "Active", color: "4caf50", description: "In use", content_types: everything },
  {
    name: "Planned",
    color: "00bcd4",
    description: "Decided, not there yet",
    content_types: ["dcim.location", ...hardware],
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
    content_types: [...ipam, "ipam.vlan", "dcim.rack"],
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

yamlFile("tenant_groups", [
  { name: "Company" },
  { name: "Business", parent: "Company", description: "What earns the money" },
  { name: "Services", parent: "Company", description: "What the others need" },
]);

const services = ["Network team", "Guest services", "Headquarters"];

yamlFile(
  "tenants",
  Object.entries(tenants).map(([name, description]) => ({
    name,
    tenant_group: services.includes(name) ? "Services" : "Business",
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
    content_types: [
      "dcim.rackgroup",
      "ipam.namespace",
      "ipam.prefix",
      "ipam.vlan",
      "ipam.vlangroup",
    ],
  },
  {
    name: "Building",
    description: "A building or hall of a site",
    parent: "Site",
    content_types: ["dcim.device", "dcim.rack", "ipam.prefix"],
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

const groupOf = (site: Site): string => `VLANs of ${site.name}`;
const vlanReference = (site: Site, { id, name }: { id: number; name: string }) => ({
  vlan_group: groupOf(site),
  vid: id,
  name,
});

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

yamlFile("rirs", [
  { name: "RFC 1918", is_private: true, description: "Private addresses" },
  { name: "Documentation", description: "Set aside for examples" },
]);

prefix("10.0.0.0/8", "container", {
  rir: "RFC 1918",
  description: "Private addresses of all sites",
});
prefix("2001:db8::/32", "container", {
  rir: "Documentation",
  description: "IPv6 addresses of all sites",
});
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
    const vlan = JSON.stringify(vlanReference(site, network));
    prefix(`${block}.${network.id}.0/24`, "network", { ...more, vlan });
    if (network.name !== "guests") prefix(`${block6}:${network.id}::/64`, "network", more);
  }
  if (site.isPlanned) return;
  for (const network of networks) {
    const tenant = network.tenant ?? site.tenant;
    const name = `gw-${network.name}.${site.code}`;
    const more = { tenant, role: "Gateway", description: "Gateway" };
    address(`${block}.${network.id}.1`, 24, name, more);
    if (network.name !== "guests") {
      address(`${block6}:${network.id}::1`, 64, name, more);
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

yamlFile("roles", [
  { name: "Router", color: "3f51b5", content_types: ["dcim.device"], weight: 10 },
  { name: "Access switch", color: "2196f3", content_types: ["dcim.device"], weight: 20 },
  { name: "Network rack", color: "9e9e9e", content_types: ["dcim.rack"] },
  { name: "Uplink", color: "4caf50", content_types: ["dcim.interface"] },
  { name: "Gateway", color: "ff9800", content_types: ["ipam.ipaddress"] },
  { name: "Site network", color: "00bcd4", content_types: ["ipam.vlan", "ipam.prefix"] },
]);

yamlFile("manufacturers", [
  { name: "Northwind", description: "Routers and switches" },
  { name: "Fabrikam", description: "Switches for offices" },
]);

yamlFile("platforms", [
  { name: "NorthOS", manufacturer: "Northwind", network_driver: "north_os" },
  { name: "FabriOS", manufacturer: "Fabrikam", network_driver: "fabri_os" },
]);

const router = { manufacturer: "Northwind", model: "NR-400" };
const accessSwitch = { manufacturer: "Fabrikam", model: "FS-48" };
const uplinks = ["Ethernet49", "Ethernet50"];

yamlFile("device_types", [
  { ...router, part_number: "NR-400-AC", u_height: 2 },
  { ...accessSwitch, part_number: "FS48-10G", u_height: 1, is_full_depth: false },
]);

yamlFile("interface_templates", [
  { device_type: router, name: "Management0", type: "1000base-t", mgmt_only: true },
  { device_type: accessSwitch, name: "Management0", type: "1000base-t", mgmt_only: true },
  ...uplinks.map((name) => ({ device_type: accessSwitch, name, type: "10gbase-x-sfpp" })),
]);

yamlFile(
  "vlan_groups",
  sites.map((site) => ({ name: groupOf(site), location: siteReference(site), range: "2-999" })),
);

yamlFile(
  "vlans",
  sites.flatMap((site) =>
    networks.map((network) => ({
      ...vlanReference(site, network),
      status: site.isPlanned ? "Reserved" : "Active",
      role: "Site network",
      ...(network.tenant === null ? {} : { tenant: network.tenant }),
      locations: [siteReference(site)],
    })),
  ),
);

const buildingReference = (site: Site, building: string) =>
  location(building, site.name, site.country, regionOf(site.country));
const rackGroup = (site: Site) => ({ name: "Network rooms", location: siteReference(site) });
const rackReference = (site: Site, building: string) => ({
  name: `R${site.buildings.indexOf(building) + 1}`,
  location: buildingReference(site, building),
  ...(site.buildings.length > 1 ? { rack_group: rackGroup(site) } : {}),
});

yamlFile(
  "rack_groups",
  sites.filter(({ buildings }) => buildings.length > 1).map((site) => rackGroup(site)),
);

yamlFile(
  "racks",
  sites.flatMap((site) =>
    site.buildings.map((building, index) => ({
      ...rackReference(site, building),
      status: site.isPlanned ? "Reserved" : "Active",
      role: "Network rack",
      tenant: "Network team",
      type: "4-post-cabinet",
      asset_tag: `RK-${site.code.toUpperCase()}-${index + 1}`,
    })),
  ),
);

const devices: object[] = [];
const interfaces: Record<string, string>[] = [];
const assignments: Record<string, string>[] = [];
sites.forEach((site, index) => {
  const [building] = site.buildings;
  if (site.isPlanned || building === undefined) return;
  const block = `10.${(index + 1) * 4}`;
  const block6 = `2001:db8:${(index + 1).toString(16)}`;

  const primary = (host: string) => ({ namespace: "Global", host });
  function device(name: string, position: number, more: object): string {
    const place = buildingReference(site, building ?? "");
    const reference = { name, tenant: "Network team", location: place };
    devices.push({
      ...reference,
      status: "Active",
      serial: `${site.code.toUpperCase()}${String(devices.length + 1).padStart(5, "0")}`,
      rack: rackReference(site, building ?? ""),
      position,
      face: "front",
      tags: ["managed"],
      ...more,
    });
    return JSON.stringify(reference);
  }

  function port(
    owner: string,
    name: string,
    type: string,
    hosts: readonly string[],
    more: Record<string, string> = {},
  ): void {
    interfaces.push({ device: owner, name, type, status: "Active", ...more });
    for (const host of hosts) {
      assignments.push({
        ip_address: JSON.stringify({ namespace: "Global", host }),
        interface: `{"device":${owner},"name":${JSON.stringify(name)}}`,
      });
    }
  }

  const gateway = device(`gw1.${site.code}`, 40, {
    device_type: router,
    role: "Router",
    platform: "NorthOS",
    primary_ip4: primary(`${block}.10.1`),
    primary_ip6: primary(`${block6}:10::1`),
  });
  port(gateway, "Management0", "1000base-t", [], { mgmt_only: "true" });
  for (const network of networks) {
    const hosts = [`${block}.${network.id}.1`];
    if (network.name !== "guests") hosts.push(`${block6}:${network.id}::1`);
    port(gateway, `Vlan${network.id}`, "virtual", hosts, {
      mode: "access",
      untagged_vlan: JSON.stringify(vlanReference(site, network)),
      description: network.name,
    });
  }
  for (let n = 1; n <= 2 + (index % 3); n++) {
    const owner = device(`sw${n}.${site.code}`, 40 - 2 * n, {
      device_type: accessSwitch,
      role: "Access switch",
      platform: "FabriOS",
      primary_ip4: primary(`${block}.10.${10 + n}`),
    });
    port(owner, "Management0", "1000base-t", [`${block}.10.${10 + n}`], { mgmt_only: "true" });
    port(owner, "Bundle1", "lag", [], {
      role: "Uplink",
      mode: "tagged",
      tagged_vlans: JSON.stringify(networks.map((network) => vlanReference(site, network))),
    });
    for (const name of uplinks) {
      port(owner, name, "10gbase-x-sfpp", [], {
        lag: `{"device":${owner},"name":"Bundle1"}`,
      });
    }
  }
});

yamlFile("devices", devices);
csvFile("interfaces", interfaces);
csvFile("ip_address_assignments", assignments);

yamlFile("vrfs", [
  {
    namespace: "Global",
    rd: "65000:40",
    name: "guests",
    status: "Active",
    tenant: "Guest services",
    description: "Keeps visitors apart from everything else",
    prefixes: sites.map((_, index) => ({ prefix: `10.${(index + 1) * 4}.40.0/24` })),
  },
]);
