"""`make bench`: every benchmark, or those named in ARGS."""

from __future__ import annotations

import sys
from importlib import import_module

from tests.bench import environment

ALL = (
    "cold_start",
    "frame_to_verdict",
    "scan_conditions",
    "scan_hold",
    "scan_cost",
    "scan_empty",
    "scan_corpora",
    "policy_cache",
    "policy_rows",
    "drop_facts",
    "store_key",
    "store_drops",
    "store_load",
    "counter_shelf",
    "counter_centre",
    "ingest",
    "drain",
    "agent_idle",
    "drain_visits",
    "heartbeat",
    "storm",
    "reconcile",
    "pages",
    "partitions",
)


def main() -> None:
    names = sys.argv[1:] or ALL
    print("\n".join(environment.lines()))
    for name in names:
        if name not in ALL:
            sys.exit(f"no benchmark is called {name!r}; there are: {', '.join(ALL)}")
        print()
        print("\n".join(import_module(f"tests.bench.{name}").run()))


if __name__ == "__main__":
    main()
