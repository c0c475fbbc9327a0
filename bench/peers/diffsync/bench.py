"""DiffSync (Python) on the records of bench/compare/records.ts, for `npm run bench:peer`.

    python bench.py --shape flat --size 10000 --repeat 3
    python bench.py --shape tree --size 22 --records source

Prints one JSON document. Every repeat runs in a fresh process, so that peak memory and
interpreter state of one repeat do not colour the next.
"""

import argparse
import json
import logging
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from typing import ClassVar, List

ROLES = ("access", "distribution", "core", "edge")
STATUSES = ("active", "planned", "offline")

CREATED, DELETED, CHANGED = 13, 47, 71  # residues modulo 100, see records.ts
CHANGED_INTERFACE = 58
INTERFACES_PER_DEVICE = 10


# ---------------------------------------------------------------------------- data (no DiffSync here)
def device_ids(i):
    return {"site": f"site-{i % 1000:04d}", "name": f"device-{i:08d}"}


def device_attrs(i, side):
    attrs = {
        "role": ROLES[i % 4],
        "status": STATUSES[i % 3],
        "serial": f"SN{(i * 7919) % 10_000_000_000:010d}",
        "device_type": f"type-{i % 37:02d}",
        "position": i % 48,
        "comments": f"unit {i} in row {i // 48}",
    }
    if side == "source" and i % 100 == CHANGED:
        attrs["status"] = "decommissioned"
        attrs["position"] += 1
    return attrs


def interface_ids(i, p):
    return {"device": f"device-{i:08d}", "name": f"Ethernet{p}"}


def interface_attrs(i, p, side):
    k = i * INTERFACES_PER_DEVICE + p
    attrs = {
        "enabled": k % 5 != 0,
        "mtu": 9000 if k % 4 == 0 else 1500,
        "mac": ":".join(f"{(k >> s) & 255:02x}" for s in (40, 32, 24, 16, 8, 0)),
        "description": f"link {k}",
    }
    if side == "source" and k % 100 == CHANGED_INTERFACE:
        attrs["mtu"] += 100
    return attrs


def present(i, side):
    """A device with residue CREATED is only in the source, with residue DELETED only in the destination."""
    return i % 100 != (DELETED if side == "source" else CREATED)


def expected_summary(shape, size):
    """What any correct diff of this data reports, worked out from the residues alone."""
    devices = size if shape == "flat" else size // (INTERFACES_PER_DEVICE + 1)
    count = lambda r, n: (n - r + 99) // 100 if n > r else 0
    created, deleted, changed = (count(r, devices) for r in (CREATED, DELETED, CHANGED))
    total = devices
    if shape == "tree":
        interfaces = devices * INTERFACES_PER_DEVICE
        created += created * INTERFACES_PER_DEVICE
        deleted += deleted * INTERFACES_PER_DEVICE
        changed += count(CHANGED_INTERFACE, interfaces)
        total += interfaces
    return {
        "create": created,
        "update": changed,
        "delete": deleted,
        "no-change": total - created - deleted - changed,
        "skip": 0,
    }


# ---------------------------------------------------------------------------- one measured run
def peak_rss_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def current_rss_mib():
    with open("/proc/self/statm", encoding="ascii") as handle:
        return int(handle.read().split()[1]) * resource.getpagesize() / 1048576.0


try:
    import structlog

    # Drop log calls below WARNING at the cheapest point: without this structlog prints every record.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from diffsync import Adapter, DiffSyncModel

    class Interface(DiffSyncModel):
        _modelname = "interface"
        _identifiers = ("device", "name")
        _attributes = ("enabled", "mtu", "mac", "description")
        device: str
        name: str
        enabled: bool
        mtu: int
        mac: str
        description: str

    class Device(DiffSyncModel):
        _modelname = "device"
        _identifiers = ("site", "name")
        _attributes = ("role", "status", "serial", "device_type", "position", "comments")
        _children: ClassVar = {"interface": "interfaces"}
        site: str
        name: str
        role: str
        status: str
        serial: str
        device_type: str
        position: int
        comments: str
        interfaces: List[str] = []

    class FlatDevice(DiffSyncModel):
        _modelname = "device"
        _identifiers = ("site", "name")
        _attributes = ("role", "status", "serial", "device_type", "position", "comments")
        site: str
        name: str
        role: str
        status: str
        serial: str
        device_type: str
        position: int
        comments: str

    class FlatAdapter(Adapter):
        device = FlatDevice
        top_level = ["device"]

    class TreeAdapter(Adapter):
        device = Device
        interface = Interface
        top_level = ["device"]
except ImportError:  # lets --expected run without DiffSync installed
    Adapter = None


def build(shape, size, side):
    if shape == "flat":
        adapter = FlatAdapter(name=side)
        for i in range(size):
            if present(i, side):
                adapter.add(FlatDevice(**device_ids(i), **device_attrs(i, side)))
        return adapter
    adapter = TreeAdapter(name=side)
    for i in range(size // (INTERFACES_PER_DEVICE + 1)):
        if not present(i, side):
            continue
        device = Device(**device_ids(i), **device_attrs(i, side))
        for p in range(INTERFACES_PER_DEVICE):
            interface = Interface(**interface_ids(i, p), **interface_attrs(i, p, side))
            adapter.add(interface)
            device.add_child(interface)
        adapter.add(device)
    return adapter


def run_once(args):
    import diffsync  # noqa: F401  (already imported; fails clearly when it is missing)

    baseline = current_rss_mib()
    seconds, cpu = {}, {}

    def timed(phase, work):
        started, started_cpu = time.perf_counter(), time.process_time()
        result = work()
        seconds[phase], cpu[phase] = time.perf_counter() - started, time.process_time() - started_cpu
        return result

    source = timed("load_source", lambda: build(args.shape, args.size, "source"))
    destination = timed("load_destination", lambda: build(args.shape, args.size, "destination"))
    rss_loaded = current_rss_mib()
    diff = timed("diff", lambda: destination.diff_from(source))
    rss_diffed = current_rss_mib()
    summary = timed("summary", diff.summary)
    as_dict = timed("dict", diff.dict)
    top_level_entries = sum(len(v) for v in as_dict.values())
    timed("sync", lambda: destination.sync_from(source, diff=diff))
    peak = peak_rss_mib()

    converged = None
    if args.verify:
        again = destination.diff_from(source).summary()
        converged = again["create"] == again["update"] == again["delete"] == 0
    return {
        "seconds": {key: round(value, 4) for key, value in seconds.items()},
        "cpu_seconds": {key: round(value, 4) for key, value in cpu.items()},
        "rss_mib": {
            "baseline": round(baseline, 1),
            "after_load": round(rss_loaded, 1),
            "after_diff": round(rss_diffed, 1),
            "peak": round(peak, 1),
            "peak_over_baseline": round(peak - baseline, 1),
        },
        "summary": summary,
        "summary_as_expected": summary == expected_summary(args.shape, args.size),
        "dict_top_level_entries": top_level_entries,
        "converged_after_sync": converged,
    }


def versions():
    from importlib.metadata import version

    found = {name: version(name) for name in ("diffsync", "pydantic", "structlog")}
    return {**found, "python": platform.python_version()}


def spread(values):
    return {
        "min": round(min(values), 4),
        "median": round(statistics.median(values), 4),
        "max": round(max(values), 4),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=("flat", "tree"), default="flat")
    parser.add_argument("--size", type=int, default=10_000, help="number of record positions N")
    parser.add_argument("--repeat", type=int, default=3, help="fresh processes to run")
    parser.add_argument("--verify", action="store_true", help="diff again after the sync (untimed)")
    parser.add_argument("--records", metavar="SIDE", choices=("source", "destination"),
                        help="print the records of one side as JSON lines and stop")
    parser.add_argument("--versions", action="store_true", help="print what is measured and stop")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()

    if args.records:
        devices = args.size if args.shape == "flat" else args.size // (INTERFACES_PER_DEVICE + 1)
        emit = lambda **record: sys.stdout.write(json.dumps(record, separators=(",", ":")) + "\n")
        for i in range(devices):
            if not present(i, args.records):
                continue
            emit(model="device", ids=device_ids(i), attrs=device_attrs(i, args.records))
            if args.shape == "tree":
                for p in range(INTERFACES_PER_DEVICE):
                    emit(model="interface", ids=interface_ids(i, p), attrs=interface_attrs(i, p, args.records))
        return

    if args.versions:
        json.dump(versions(), sys.stdout)
        return

    if args.child:
        json.dump(run_once(args), sys.stdout)
        return

    runs = []
    for _ in range(args.repeat):
        command = [sys.executable, os.path.abspath(__file__), "--child", "--shape", args.shape, "--size",
                   str(args.size)]
        if args.verify:
            command.append("--verify")
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        runs.append(json.loads(done.stdout))

    print(json.dumps({
        "library": versions(),
        "shape": args.shape,
        "size": args.size,
        "store": "local",
        "repeat": args.repeat,
        "seconds": {key: spread([r["seconds"][key] for r in runs]) for key in runs[0]["seconds"]},
        "cpu_seconds": {key: spread([r["cpu_seconds"][key] for r in runs]) for key in runs[0]["cpu_seconds"]},
        "rss_mib": {key: spread([r["rss_mib"][key] for r in runs]) for key in runs[0]["rss_mib"]},
        "summary": runs[0]["summary"],
        "summary_as_expected": all(r["summary_as_expected"] for r in runs),
        "converged_after_sync": runs[0]["converged_after_sync"],
        "runs": runs,
    }, indent=1))


if __name__ == "__main__":
    main()
