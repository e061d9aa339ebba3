"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def lines() -> list[str]:
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    load = " ".join(f"{x:.1f}" for x in os.getloadavg())
    packages = ("PySide6-Essentials", "opencv-python-headless", "zxing-cpp", "SQLAlchemy")
    return [
        f"{model}, {len(os.sched_getaffinity(0))} cores, load {load}",
        f"Python {platform.python_version()}, {platform.platform()}",
        ", ".join(f"{p} {version(p)}" for p in packages),
    ]


def percentile(values: list[float], share: float) -> float:
    """Nearest-rank percentile of at least one value; share 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]
