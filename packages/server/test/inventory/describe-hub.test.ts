import { describeAdapter } from "@plumbline/sync/testing";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import { contentTypes, openHub, schema, smallEstate } from "./hub-support.ts";

const record = (name: string, values: Readonly<Record<string, unknown>>) =>
  schema.model(name).record(values);

const places = ["ipam.prefix", "dcim.location"];

/** The small estate some time later: something of everything new, changed and gone. */
const desired = [
  record("status", { name: "Active", color: "4caf50", content_types: contentTypes }),
  record("status", { name: "Planned", content_types: contentTypes }),
  record("tag", { name: "edge", content_types: contentTypes }),
  record("tenant", { name: "Acme", comments: "Müller & Söhne: „gut“\n\tsehr", tags: [] }),
  record("location_type", { name: "Country", content_types: places }),
  record("location_type", { name: "Site", parent: "Country", content_types: places }),
  record("location_type", { name: "Room", parent: "Site" }),
  record("location", { name: "Germany", location_type: "Country", status: "Active" }),
  record("location", {
    name: "Hamburg",
    parent: "Germany",
    location_type: "Site",
    status: "Planned",
    latitude: "-0.5",
  }),
  record("location", {
    name: "R1",
    parent: ["Hamburg", ["Germany"]],
    location_type: "Room",
    status: "Active",
    tags: ["edge"],
  }),
  record("namespace", { name: "Global", location: ["Hamburg", ["Germany"]] }),
  record("prefix", { prefix: "10.0.0.0/8", type: "pool", status: "Active" }),
  record("prefix", { prefix: "2001:db8::/32", status: "Planned", locations: ["Germany"] }),
  record("prefix", {
    prefix: "10.1.2.0/24",
    status: "Active",
    date_allocated: "2020-01-01T00:00:00+01:00",
  }),
  record("ip_address", {
    namespace: "Global",
    host: "10.1.2.4",
    mask_length: 24,
    status: "Active",
  }),
  record("ip_address", {
    namespace: "Global",
    host: "2001:DB8:0::1",
    mask_length: 64,
    type: "slaac",
    status: "Planned",
    nat_inside: ["Global", "10.1.2.4"],
  }),
];

describeAdapter("the hub", async () => {
  const hub = await openHub();
  await hub.fill(...smallEstate);
  return {
    schema,
    adapter: hub.adapter,
    reopen: () => createHubAdapter(hub.database, schema.models),
    desired,
    close: () => hub.drop(),
  };
});
