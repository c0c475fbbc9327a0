// The places, tenants and networks of the made-up company whose estate `make-sample.ts` writes.

export interface Site {
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

export const regions: Record<string, string[]> = {
  Europe: ["Germany", "Netherlands", "France", "Poland"],
  "North America": ["United States", "Canada"],
  "Asia Pacific": ["Japan", "Australia"],
};

// prettier-ignore
export const sites: Site[] = [
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

export const tenants: Record<string, string> = {
  Headquarters: "Finance, people, legal",
  Research: "Laboratories and test fleets",
  Hosting: "Platforms run for the other tenants",
  Sales: "Branch offices",
  Retail: "Shops and their tills",
  Manufacturing: "Plants and warehouses",
  "Network team": "Everything that carries the rest",
  "Guest services": "Wireless access for visitors",
};

export const networks = [
  { id: 10, name: "management", tenant: "Network team", tags: ["managed"] },
  { id: 20, name: "users", tenant: null, tags: ["dhcp"] },
  { id: 30, name: "servers", tenant: null, tags: ["managed", "monitored"] },
  { id: 40, name: "guests", tenant: "Guest services", tags: ["dhcp"] },
];

export const regionOf = (country: string): string =>
  Object.keys(regions).find((region) => regions[region]?.includes(country)) ?? "";
