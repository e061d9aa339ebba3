"""Many pictures on all cores: the work of a benchmark spread over processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

import cv2

Job = TypeVar("Job")
Result = TypeVar("Result")


def size(name: str, default: int) -> int:
    """A whole number from the environment."""
    return int(os.environ.get(name, default))


def workers() -> int:
    """JOBS, or as many as there are cores."""
    return size("JOBS", len(os.sched_getaffinity(0)))


def _alone() -> None:
    cv2.setNumThreads(1)


def spread(work: Callable[[Job], Result], jobs: Sequence[Job], chunk: int = 4) -> list[Result]:
    """`work` on every job, results in the jobs' order. OpenCV keeps to one thread a process."""
    with ProcessPoolExecutor(workers(), get_context("spawn"), _alone) as pool:
        return list(pool.map(work, jobs, chunksize=chunk))
