"""Racks, devices and their interfaces, VLANs, VRFs and addresses: made, read whole, changed and deleted again."""

from expectations import MARK, common, connect, equal, life, true


def hardware(api):
    whole = connect(exclude_m2m=False)
    kept = []

    def make(endpoint, object_type, **fields):
        record = endpoint.create(**fields)
        common(record, object_type, endpoint.name)
        kept.append(record)
        return record

    models = [
        *("dcim.device", "dcim.interface", "dcim.location", "dcim.rack"),
        *("ipam.ipaddress", "ipam.prefix", "ipam.vlan", "ipam.vrf"),
    ]
    status = make(api.extras.statuses, "extras.status", name=f"{MARK} in use", content_types=models)
    tagged = [*models, "dcim.devicetype"]
    tag = make(api.extras.tags, "extras.tag", name=f"{MARK} hardware", content_types=tagged)
    roles = [name for name in models if name not in ("dcim.location", "ipam.vrf")]
    role = make(api.extras.roles, "extras.role", name=f"{MARK} leaf", content_types=roles, weight=10)
    group = make(api.tenancy.tenant_groups, "tenancy.tenantgroup", name=f"{MARK} groups")
    tenant = make(api.tenancy.tenants, "tenancy.tenant", name=f"{MARK} owner", tenant_group=group.id)
    life(api.extras.roles, "extras.role", {"name": f"{MARK} role", "content_types": roles}, ("description", "d"))
    life(api.tenancy.tenant_groups, "tenancy.tenantgroup", {"name": f"{MARK} group"}, ("description", "d"))
    life(api.dcim.manufacturers, "dcim.manufacturer", {"name": f"{MARK} maker"}, ("description", "d"))
    life(api.dcim.platforms, "dcim.platform", {"name": f"{MARK} platform"}, ("network_driver", "n"))
    life(api.ipam.rirs, "ipam.rir", {"name": f"{MARK} rir"}, ("description", "d"))
    life(api.ipam.vlan_groups, "ipam.vlangroup", {"name": f"{MARK} vlan group"}, ("description", "d"))

    placed = ["dcim.device", "dcim.rack", "dcim.rackgroup", "ipam.prefix", "ipam.vlan"]
    kind = make(api.dcim.location_types, "dcim.locationtype", name=f"{MARK} hall", content_types=placed)
    hall = make(
        *(api.dcim.locations, "dcim.location"), name=f"{MARK} hall", location_type=kind.id, status=status.id
    )
    here = {"location": hall.id, "status": status.id, "tenant": tenant.id}
    rows = make(
        *(api.dcim.rack_groups, "dcim.rackgroup"), name=f"{MARK} rows", location=hall.id, description="d"
    )
    rack = make(
        *(api.dcim.racks, "dcim.rack"), name=f"{MARK} rack", rack_group=rows.id, width=19,
        type="4-post-cabinet", facility_id="F1", outer_unit="mm", outer_width=600, **here,
    )
    equal((rack.width.value, str(rack.width)), (19, "19 inches"), "a rack's width is a number")

    maker = make(api.dcim.manufacturers, "dcim.manufacturer", name=f"{MARK} works")
    platform = make(api.dcim.platforms, "dcim.platform", name=f"{MARK} os", manufacturer=maker.id)
    model = make(
        *(api.dcim.device_types, "dcim.devicetype"), manufacturer=maker.id, model=f"{MARK} switch", u_height=1,
        tags=[tag.id],
    )
    template = api.dcim.interface_templates.create(device_type=model.id, name="eth0", type="1000base-t", label="up")
    equal(str(template.type), "1000BASE-T (1GE)", "an interface type prints its label")
    true(template.delete(), "a template is deleted")
    shared = {"device_type": model.id, "role": role.id, "platform": platform.id, **here}
    device = make(
        *(api.dcim.devices, "dcim.device"), name=f"{MARK} leaf-1", rack=rack.id, position=3, face="front",
        serial="S1", asset_tag=f"{MARK}-1", local_config_context_data={"ntp": ["192.0.2.1"]}, tags=[tag.id], **shared,
    )
    spare = make(api.dcim.devices, "dcim.device", name=f"{MARK} leaf-2", **shared)

    vlan = make(
        *(api.ipam.vlans, "ipam.vlan"), vid=77, name=f"{MARK} vlan", status=status.id, role=role.id, tenant=tenant.id
    )
    space = make(api.ipam.namespaces, "ipam.namespace", name=f"{MARK} fabric")
    rir = make(api.ipam.rirs, "ipam.rir", name=f"{MARK} registry", is_private=True)
    net = make(
        *(api.ipam.prefixes, "ipam.prefix"), prefix="10.20.0.0/24", namespace=space.id, status=status.id,
        role=role.id, tenant=tenant.id, vlan=vlan.id, rir=rir.id, location=hall.id, tags=[tag.id],
    )
    vrf = make(
        *(api.ipam.vrfs, "ipam.vrf"), name=f"{MARK} blue", rd="65000:1", namespace=space.id, tenant=tenant.id,
        status=status.id,
    )
    port = {"device": device.id, "status": status.id, "type": "10gbase-x-sfpp"}
    bundle = make(api.dcim.interfaces, "dcim.interface", name="bundle", **{**port, "type": "lag"})
    uplink = make(
        *(api.dcim.interfaces, "dcim.interface"), name="eth1", label="L", mtu=9000, mac_address="aa:bb:cc:00:00:01",
        mode="tagged", untagged_vlan=vlan.id, tagged_vlans=[vlan.id], lag=bundle.id, tags=[tag.id], **port,
    )
    address = make(
        *(api.ipam.ip_addresses, "ipam.ipaddress"), address="10.20.0.5/24", namespace=space.id, status=status.id,
        role=role.id, tenant=tenant.id, dns_name="leaf-1.example.net",
    )
    link = api.ipam.ip_address_to_interface.create(ip_address=address.id, interface=uplink.id, is_primary=True)
    kept.append(link)
    true(device.update({"primary_ip4": address.id, "comments": "in use"}), "a device takes its primary address")
    true(net.update({"description": "changed", "type": "pool"}), "a prefix is changed")

    for record in kept:
        app, name = record.endpoint.url.rstrip("/").split("/")[-2:]
        everything = getattr(getattr(whole, app), name.replace("-", "_"))
        equal(everything.get(record.id).id, record.id, f"{name}: with its sets")
        equal([one.id for one in everything.filter(id=record.id, depth=1)], [record.id], f"{name}: with what it refers to")
        getattr(getattr(api, app), name.replace("-", "_")).choices()
    for record, name in ((device, "name"), (net, "network"), (uplink, "name")):
        changes = list(api.extras.object_changes.filter(changed_object_id=record.id, action="create"))
        equal(len(changes), 1, "an object is created once")
        equal(changes[0].object_data[name], getattr(record, name), "and the history holds it")
    equal(api.dcim.devices.count(rack=rack.id), 1, "devices in a rack")
    equal([one.name for one in api.dcim.devices.filter(role=role.name, sort="name")], [device.name, spare.name], "by role")
    equal(api.dcim.interfaces.count(device=device.id), 2, "interfaces of a device")
    equal(api.dcim.interfaces.count(ip_addresses=address.id), 1, "interfaces with an address")
    equal(api.ipam.ip_addresses.count(interfaces=uplink.id), 1, "addresses of an interface")

    true(device.update({"primary_ip4": None}), "a device lets go of its address")
    for record in reversed(kept):
        true(record.delete(), "what was made is deleted")
