// A hub with very many interfaces, and what is asked of their list.
import type { Queryable } from "../../src/inventory/inventory.ts";

/** Interfaces of one device. */
const perDevice = 50;

/** An id that begins with the time, as the hub gives them to new objects. */
const newIdAs = (text: string): string =>
  `overlay(md5(${text}) placing lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' from 1)::uuid`;

/** Fills an empty hub with interfaces of all kinds, and with what they need. */
export async function seedInterfaces(client: Queryable, count: number): Promise<void> {
  const devices = Math.ceil(count / perDevice);
  await client.query(`
    insert into statuses (name, content_types) values ('Active', '{}'), ('Planned', '{}'), ('Failed', '{}');
    insert into roles (name, content_types) values ('Uplink', '{}'), ('Access', '{}');
    insert into tags (name, content_types) values ('core', '{}'), ('edge', '{}');
    insert into location_types (name) values ('Site');
    insert into manufacturers (name) values ('Acme');
    insert into locations (name, location_type_id, status_id)
      select 'Site ' || i, (select id from location_types), (select id from statuses where name = 'Active')
        from generate_series(1, 20) i;
    insert into device_types (manufacturer_id, model) select id, 'A-48' from manufacturers;
    insert into namespaces (name) values ('Global');
    insert into vrfs (namespace_id, name, status_id)
      select n.id, 'blue', s.id from namespaces n, statuses s where n.name = 'Global' and s.name = 'Active';
    insert into vlans (vid, name, status_id)
      select i, 'vlan-' || i, (select id from statuses where name = 'Active') from generate_series(1, 400) i;`);
  await client.query(`
    insert into devices (name, location_id, device_type_id, status_id, role_id, serial)
      select 'device-' || lpad(i::text, 6, '0'), l.ids[1 + i % 20], t.id, s.id, r.id, 'SN' || md5(i::text)
        from generate_series(0, ${devices - 1}) i, (select array_agg(id order by name) as ids from locations) l,
             device_types t, statuses s, roles r where s.name = 'Active' and r.name = 'Access'`);
  await client.query(`
    insert into interfaces (id, device_id, name, label, status_id, role_id, enabled, type, mac_address, mtu, speed, duplex,
                            mgmt_only, mode, untagged_vlan_id, vrf_id, description)
      select ${newIdAs("d.id::text || i.n")}, d.id, case when i.n = 0 then 'Management1' else 'Ethernet' || i.n end,
             case when i.n % 5 = 0 then 'Panel ' || d.place || '/' || i.n end,
             case when (d.place + i.n) % 97 = 0 then planned.id when (d.place + i.n) % 5003 = 0 then failed.id
               else active.id end,
             case when i.n % 48 = 1 then uplink.id end, (d.place + i.n) % 10 <> 0,
             case when i.n > 44 then '10gbase-x-sfpp' else '1000base-t' end,
             ('02:' || regexp_replace(lpad(to_hex(d.place * ${perDevice} + i.n), 10, '0'), '(..)(?=.)', '\\1:', 'g'))::macaddr,
             case when i.n % 3 = 0 then 9000 + i.n end, case when i.n > 44 then 10000000 end,
             case when i.n % 7 = 0 then 'full' end, i.n = 0,
             case when i.n between 1 and 44 then 'access' when i.n > 44 then 'tagged' end,
             case when i.n between 1 and 44 then v.ids[1 + (d.place + i.n) % 400] end,
             case when i.n = 45 then vrf.id end,
             case when i.n > 44 then 'Uplink to device-' || lpad((d.place / 10)::text, 6, '0') end
        from (select id, row_number() over (order by name) as place from devices) d, generate_series(0, ${perDevice - 1}) i (n),
             (select array_agg(id order by vid) as ids from vlans) v, vrfs vrf, statuses active, statuses planned,
             statuses failed, roles uplink
       where active.name = 'Active' and planned.name = 'Planned' and failed.name = 'Failed' and uplink.name = 'Uplink'
       order by d.place, i.n`);
  await client.query(`
    insert into interfaces_tags (interface_id, tag_id)
      select i.id, t.id from interfaces i, devices d, tags t
       where d.id = i.device_id and d.name like '%7' and i.name = 'Ethernet1' and t.name = 'core';
    insert into interfaces_tagged_vlans (interface_id, vlan_id)
      select i.id, v.id from interfaces i, vlans v where i.name = 'Ethernet49' and v.vid <= 3;
    update interfaces m set lag_id = l.id from interfaces l
     where l.device_id = m.device_id and l.name = 'Ethernet45' and m.name in ('Ethernet46', 'Ethernet47');
    insert into prefixes (namespace_id, prefix, status_id, ip_version)
      select n.id, '10.0.0.0/8', s.id, 4 from namespaces n, statuses s where s.name = 'Active';
    insert into ip_addresses (namespace_id, host, mask_length, status_id, parent_id, ip_version)
      select p.namespace_id, '10.0.0.0'::inet + i, 24, p.status_id, p.id, 4
        from prefixes p, generate_series(1, ${devices}) i;
    insert into ip_address_assignments (ip_address_id, interface_id)
      select a.id, i.id
        from (select id, row_number() over (order by host) as place from ip_addresses) a
        join (select id, row_number() over (order by name) as place from devices) d using (place)
        join interfaces i on i.device_id = d.id and i.name = 'Management1';`);
  await client.query(`
    insert into object_change (model, object_id, action, label)
      select 'tag', id, 'create', name from tags limit 1`);
  await client.query("vacuum analyze");
}

/** What the pages ask of the list of interfaces, by what it is; `count` of them are there. */
export async function interfaceRequests(
  client: Queryable,
  count: number,
): Promise<[name: string, query: string][]> {
  const { rows } = await client.query<Record<string, string>>(`
    select d.id as device, (select id from statuses where name = 'Active') as active,
           (select id from statuses where name = 'Failed') as failed, (select id from roles where name = 'Uplink') as role,
           (select id from vlans where vid = 7) as vlan, (select id from vrfs) as vrf,
           (select id from locations where name = 'Site 3') as location, (select id from ip_addresses limit 1) as address,
           (select id from interfaces where lag_id is not null limit 1) as member,
           (select id from tags where name = 'core') as tag, (select lag_id from interfaces where lag_id is not null limit 1) as lag,
           (select mac_address::text from interfaces offset 1000 limit 1) as mac
      from devices d order by d.name limit 1`);
  const [known = {}] = rows;
  const filters: [name: string, query: string][] = [
    ["a device", `device=${known["device"] ?? ""}`],
    ["a status that most have", `status=${known["active"] ?? ""}`],
    ["a status that few have", `status=${known["failed"] ?? ""}`],
    ["a role", `role=${known["role"] ?? ""}`],
    ["no role, as most have", "role=null"],
    ["enabled", "enabled=true"],
    ["disabled", "enabled=false"],
    ["a type that most have", "type=1000base-t"],
    ["a type that few have", "type=10gbase-x-sfpp"],
    ["a type that none has", "type=lag"],
    ["a MAC address", `mac_address=${known["mac"] ?? ""}`],
    ["a part of a MAC address", "mac_address__ic=0a:f"],
    ["an MTU from", "mtu__gte=9040"],
    ["an MTU to", "mtu__lte=9010"],
    ["a speed from", "speed__gte=10000000"],
    ["a duplex", "duplex=full"],
    ["no duplex, as most have", "duplex=null"],
    ["management only", "mgmt_only=true"],
    ["not management only", "mgmt_only=false"],
    ["a mode", "mode=tagged"],
    ["an untagged VLAN", `untagged_vlan=${known["vlan"] ?? ""}`],
    ["a tagged VLAN", `tagged_vlans=${known["vlan"] ?? ""}`],
    ["no tagged VLAN", "tagged_vlans=null"],
    ["a VRF", `vrf=${known["vrf"] ?? ""}`],
    ["a LAG", `lag=${known["lag"] ?? ""}`],
    ["a tag", `tags=${known["tag"] ?? ""}`],
    ["a name", "name=Ethernet33"],
    ["a part of a name that most have", "name__ic=thernet"],
    ["a part of a name that few have", "name__ic=anagement"],
    ["a part of a label", "label__ic=panel 1007/"],
    ["a part of a description", "description__ic=device-000099"],
    ["the location of its device by name", "device__name__ic=000123"],
    ["two at once", "enabled=false&mode=tagged"],
    ["two that no record has at once", "mgmt_only=true&mode=tagged"],
    ["a kind that few have", "kind=wireless"],
    ["a kind that most have", "kind=physical"],
    ["the location of its device, as many have", `location=${known["location"] ?? ""}`],
    ["a VLAN by its number, in either way", "vlan=7"],
    ["a VLAN in either way", `vlan_id=${known["vlan"] ?? ""}`],
    ["an address", `ip_addresses=${known["address"] ?? ""}`],
    ["an address at all, as many have", "has_ip_addresses=true"],
    ["no address, as most have", "has_ip_addresses=false"],
    ["a member of the bundle", `member_interfaces=${known["member"] ?? ""}`],
    ["members at all, as many have", "has_member_interfaces=true"],
  ];
  return [
    ["the first page", ""],
    ["a page in the middle", `offset=${count / 2}`],
    ["the last page", `offset=${count - 50}`],
    ...filters.map(([name, query]): [string, string] => [`filter: ${name}`, query]),
    ["search: what most have", "q=ethernet"],
    ["search: what few have", "q=panel 1234/"],
    ["search: what one has", "q=device-000042"],
    ["search: what none has", "q=no such thing"],
    ["sorted by name", "sort=name"],
    ["sorted by name, a page in the middle", `sort=name&offset=${count / 2}`],
    ["sorted by description, from the end", "sort=-description"],
    [
      "sorted by description, from the end, a page in the middle",
      `sort=-description&offset=${count / 2}`,
    ],
    ["sorted by device", "sort=device"],
    ["sorted by device, a page in the middle", `sort=device&offset=${count / 2}`],
    ["sorted by status, from the end", "sort=-status"],
    ["sorted by status, a page in the middle", `sort=status&offset=${count / 2}`],
    ["sorted by role, a page in the middle", `sort=role&offset=${count / 2}`],
    ["sorted by LAG", "sort=lag"],
    ["sorted by when they were changed, from the end", "sort=-last_updated"],
    ["sorted by name, with a filter whose records stand late", "sort=name&type=10gbase-x-sfpp"],
    ["sorted by device, with a filter", "sort=device&enabled=false"],
  ];
}

/** What the search over everything is asked. */
export const searches: readonly [name: string, text: string][] = [
  ["everywhere: what most have", "ethernet"],
  ["everywhere: what few have", "panel 1234/"],
  ["everywhere: a device", "device-004242"],
  ["everywhere: what none has", "no such thing"],
  ["everywhere: an address", "10.1.2.3"],
];
