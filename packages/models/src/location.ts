import { decimal, defineModel, integer, ref, type RecordOf, text } from "@plumbline/sync";
import { defineHubModel } from "./hub-model.ts";
import { description, name, tags, tenancyFilters } from "./shared-fields.ts";

export const Location = defineModel("location", {
  label: "Location",
  pluralLabel: "Locations",
  description: "A place in the tree of places: a country, a site, a room.",
  key: {
    name: name({ order: "natural" }),
    parent: ref("location").nullable().describe("The location it is in; none for a root."),
  },
  parent: "parent",
  fields: {
    location_type: ref("location_type").describe("Its level in the tree; cannot change."),
    status: ref("status"),
    tenant: ref("tenant").nullable(),
    description: description(),
    facility: text({ maxLength: 255 })
      .nullable()
      .describe("The building's or the operator's own name for it."),
    asn: integer({ min: 1, max: 4294967295 }).nullable().label("ASN"),
    time_zone: text({ maxLength: 63 }).nullable().describe("As in Europe/Berlin."),
    physical_address: text().nullable(),
    shipping_address: text().nullable(),
    latitude: decimal({ scale: 6, min: -99.999999, max: 99.999999 }).nullable(),
    longitude: decimal({ scale: 6, min: -999.999999, max: 999.999999 }).nullable(),
    contact_name: text({ maxLength: 255 }).nullable(),
    contact_phone: text({ maxLength: 255 }).nullable(),
    contact_email: text({ maxLength: 254, pattern: /^[^\s@]+@[^\s@]+$/ }).nullable(),
    comments: text().nullable(),
    tags: tags(),
  },
});

export type Location = RecordOf<typeof Location>;

export const locationHubModel = defineHubModel({
  model: Location,
  group: "Organization",
  contentType: "dcim.location",
  restPath: "dcim/locations",
  searchFields: [
    ...["name", "facility", "description", "physical_address", "shipping_address"],
    ...["contact_name", "contact_phone", "contact_email", "comments", "asn"],
  ],
  listFields: ["name", "parent", "location_type", "status", "tenant", "description", "tags"],
  sort: ["name"],
  filters: {
    ...tenancyFilters,
    child_location_type: {
      along: ["location_type__location_type.parent", ["location_type", "location_type__nestable"]],
    },
    content_type: { along: ["location_type__content_types"] },
    max_depth: { tree: "parent", takes: "levels" },
  },
  rest: {
    counts: {
      circuit_count: null,
      device_count: ["device", "location"],
      prefix_count: ["prefix", "locations"],
      rack_count: ["rack", "location"],
      virtual_machine_count: null,
      vlan_count: ["vlan", "locations"],
    },
    nullTexts: ["time_zone"],
  },
  tables: [
    {
      model: "location",
      field: "parent",
      columns: ["name", "location_type", "status", "tenant", "description"],
    },
    {
      model: "rack",
      field: "location",
      columns: ["name", "rack_group", "status", "role", "u_height"],
    },
    {
      model: "device",
      field: "location",
      columns: ["name", "role", "status", "device_type", "rack", "serial"],
    },
  ],
});
