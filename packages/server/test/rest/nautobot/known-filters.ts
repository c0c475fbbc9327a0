// The filters that Nautobot's lists have, beside id, tags, times, custom fields and those of what the hub has no model of.
const tenancy = ["tenant", "tenant_id", "tenant_group"];

/** Names of filters by the path of a list. */
export const knownFilters: Readonly<Record<string, readonly string[]>> = {
  "dcim/locations": [
    ...["name", "location_type", "parent", "subtree", "max_depth", "child_location_type"],
    ...["content_type", "description", "asn", "facility", "latitude", "longitude", "time_zone"],
    ...["physical_address", "shipping_address", "contact_name", "contact_phone", "contact_email"],
    ...["comments", "status", "devices", "racks", "rack_groups", "vlans", "vlan_groups"],
    ...["prefixes", "has_devices", "has_racks", "has_rack_groups", "has_vlans", "has_vlan_groups"],
    ...["has_prefixes", ...tenancy],
  ],
  "dcim/location-types": ["name", "parent", "content_types", "nestable", "description"],
  "dcim/rack-groups": [
    ...["name", "location", "parent", "children", "has_children", "racks", "has_racks"],
  ],
  "dcim/racks": [
    ...["name", "facility_id", "asset_tag", "serial", "type", "width", "u_height", "desc_units"],
    ...["outer_width", "outer_depth", "outer_unit", "rack_group", "devices", "has_devices"],
    ...["location", "status", "role", ...tenancy],
  ],
  "dcim/manufacturers": [
    ...["name", "device_types", "has_device_types", "platforms", "has_platforms"],
  ],
  "dcim/device-types": [
    ...["manufacturer", "model", "part_number", "u_height", "is_full_depth", "subdevice_role"],
    ...["devices", "has_devices", "interfaces", "interface_templates", "has_interface_templates"],
  ],
  "dcim/platforms": [
    ...["name", "manufacturer", "network_driver", "napalm_driver", "napalm_args", "description"],
    ...["devices", "has_devices"],
  ],
  "dcim/interface-templates": ["name", "label", "description", "type", "device_type"],
  "dcim/devices": [
    ...["name", "serial", "asset_tag", "manufacturer", "device_type", "platform", "rack"],
    ...["rack_group", "face", "position", "is_full_depth", "mac_address", "has_primary_ip"],
    ...["ip_addresses", "has_ip_addresses", "vrfs", "interfaces", "has_interfaces", "location"],
    ...["status", "role", ...tenancy],
  ],
  "dcim/interfaces": [
    ...["name", "label", "description", "type", "kind", "enabled", "mgmt_only", "mtu", "mode"],
    ...["mac_address", "speed", "duplex", "port_type", "device", "device_id", "location"],
    ...["parent_interface", "bridge", "lag", "untagged_vlan", "tagged_vlans", "has_tagged_vlans"],
    ...["vlan", "vlan_id", "ip_addresses", "has_ip_addresses", "child_interfaces"],
    ...["bridged_interfaces", "member_interfaces", "has_child_interfaces", "status", "role"],
    ...["has_bridged_interfaces", "has_member_interfaces"],
  ],
  "ipam/prefixes": [
    ...["prefix", "prefix_exact", "within", "within_include", "contains", "ancestors"],
    ...["prefix_and_descendants", "parent", "prefix_length", "type", "namespace", "ip_version"],
    ...["vrfs", "present_in_vrf", "present_in_vrf_id", "vlan_id", "vlan_vid", "rir", "has_rir"],
    ...["location", "locations", "date_allocated", "max_depth", "status", "role", ...tenancy],
  ],
  "ipam/ip-addresses": [
    ...["address", "prefix", "prefix_exact", "parent", "namespace", "ip_version", "mask_length"],
    ...["type", "dns_name", "description", "device", "device_id", "interfaces"],
    ...["has_interface_assignments", "nat_inside", "has_nat_inside", "vrfs", "present_in_vrf"],
    ...["present_in_vrf_id", "status", "role", ...tenancy],
  ],
  "ipam/ip-address-to-interface": [
    ...["ip_address", "interface", "is_source", "is_destination", "is_default", "is_preferred"],
    ...["is_primary", "is_secondary", "is_standby"],
  ],
  "ipam/vlans": [
    ...["vid", "name", "vlan_group", "location", "locations", "available_on_device"],
    ...["interfaces", "status", "role", ...tenancy],
  ],
  "ipam/vlan-groups": ["name", "location", "description"],
  "ipam/vrfs": ["name", "rd", "namespace", "device", "prefix", "status", ...tenancy],
  "ipam/namespaces": ["name", "description", "location", "tenant", "tenant_group"],
  "ipam/rirs": ["name", "is_private", "description"],
  "tenancy/tenant-groups": ["name", "parent", "children", "has_children", "tenants", "has_tenants"],
  "tenancy/tenants": [
    ...["name", "tenant_group", "devices", "has_devices", "ip_addresses", "has_ip_addresses"],
    ...["locations", "has_locations", "prefixes", "has_prefixes", "racks", "has_racks"],
    ...["vlans", "has_vlans", "vrfs", "has_vrfs"],
  ],
  "extras/statuses": ["name", "color", "content_types"],
  "extras/roles": ["name", "color", "weight", "content_types"],
  "extras/tags": ["name", "color", "content_types"],
  "extras/jobs": [
    ...["module_name", "job_class_name", "name", "grouping", "installed", "enabled", "hidden"],
    ...["read_only", "is_singleton", "is_job_hook_receiver", "is_job_button_receiver"],
    "has_sensitive_variables",
  ],
  "extras/job-results": [
    ...["job_model", "job_model_id", "name", "status", "user", "date_created", "date_started"],
    "date_done",
  ],
  "extras/object-changes": [
    ...["user", "user_id", "user_name", "action", "changed_object_type", "changed_object_id"],
    ...["object_repr", "request_id", "change_context", "change_context_detail", "time"],
  ],
};
