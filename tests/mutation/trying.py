"""Whether the tests of the policy notice one mutant: tried in a process of its own.

The process is forked from one that has read all the rest: first the golden vectors, which kill
most in a tenth of a second, then the unit tests of the policy, then its properties.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import resource
import signal
import sys
import tomllib
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
PACKAGE = "kiosk.domain.policy"
CODE = ROOT / "kiosk" / "domain" / "policy"
TESTS = ROOT / "tests" / "domain" / "policy"
FIRST = (  # these kill most that the vectors leave
    "test_nothing_can_be_changed.py",
    "test_bounds_of_parameters.py",
    "test_reading_parameters.py",
)
SLOW = (
    "test_policy_properties.py",
    "test_properties_reach_everything.py",
    "test_any_specification.py",
)
BLIND = (
    "test_policy_vectors.py",  # heard before
    "test_kiosk_and_centre_agree.py",  # agrees with itself
    "test_dimensions_have_vectors.py",  # looks at the vectors, not at the engine
)
SECONDS = 60  # of processor time; the slowest survivor takes a quarter of it
MEMORY = 3 << 30


class Fate(Enum):
    ALIVE = 0
    DEAD = 1
    LATE = 2
    """It never came to an end, which somebody would notice."""


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Puts a mutant where its module is looked for."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != self.mutant.module:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path)
        if found is not None:
            found.loader = self
        return found

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant.source, self.mutant.module, "exec"), module.__dict__)


def _load(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _vectors_hold() -> bool:
    situation = _load("conftest_of_policy", TESTS / "conftest.py").Situation()
    vectors = _load("vectors_of_policy", TESTS / "test_policy_vectors.py")
    for _, vector, specs in vectors.VECTORS:
        vectors.test_vector(vector, specs, situation)
    return True


def _tests_hold(files: Sequence[Path]) -> bool:
    import pytest

    chosen = [str(file) for file in files]
    off = ("cacheprovider", "xdist", "randomly")
    options = ["-x", "-q", "--assert=plain", *(part for one in off for part in ("-p", f"no:{one}"))]
    return pytest.main([*options, "-m", "not long", *chosen]) == pytest.ExitCode.OK


def _survives(mutant: Mutant, quickly: bool) -> bool:
    """In the forked process; whatever goes wrong kills the mutant."""
    random.seed(mutant.after)
    sys.meta_path.insert(0, Finder(mutant))
    files = sorted(TESTS.glob("test_*.py"))
    quick = [file for file in files if file.name not in (*FIRST, *SLOW, *BLIND)]
    first = [file for file in files if file.name in FIRST]
    slow = [file for file in files if file.name in SLOW]
    return (
        _vectors_hold()
        and _tests_hold(first)
        and _tests_hold(quick)
        and (quickly or _tests_hold(slow))
    )


def _child(mutant: Mutant, quickly: bool) -> int:
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        return (Fate.ALIVE if _survives(mutant, quickly) else Fate.DEAD).value
    except BaseException:  # noqa: BLE001 - a mutant may raise anything at all
        return Fate.DEAD.value


def fate(mutant: Mutant, quickly: bool = False) -> Fate:
    """What comes of it. Nothing of the policy is loaded in this process."""
    pid = os.fork()
    if pid == 0:
        os._exit(_child(mutant, quickly))
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Fate.LATE
    return Fate.ALIVE if code == Fate.ALIVE.value else Fate.DEAD


def prepare() -> None:
    """Read once what every forked process needs, but nothing that is to be mutated."""
    tomllib.loads = lru_cache(tomllib.loads)
    for file in TESTS.parent.glob("vectors/policy/*.toml"):
        tomllib.loads(file.read_text("utf-8"))
    for name in ("pytest", "hypothesis", "kiosk.domain.reasons"):
        importlib.import_module(name)
    assert not any(name.startswith(PACKAGE) for name in sys.modules)


def unchanged() -> Mutant:
    """What every test must let live."""
    source = (CODE / "evaluate.py").read_text("utf-8")
    return Mutant(f"{PACKAGE}.evaluate", 0, "", "", source)
