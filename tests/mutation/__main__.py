"""`make mutate`: change the policy's code in every small way, and see whether a test fails.

    python -m tests.mutation [--workers N] [--only PART] [--minutes N] [--quick]

Each mutant is tried in a process of its own, forked from one that has read all the rest: first
the golden vectors, which kill most in a tenth of a second, then the unit tests of the policy,
then its properties (`--quick` leaves those out). Prints the score of each module and every
survivor. A survivor that no test can kill stands in equivalent.toml with the reason; an entry
there that a test does kill, or that fits no mutant, is a mistake, and so is a score below 95 %.
Needs cosmic-ray, which `make mutate` installs.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import resource
import signal
import sys
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
PACKAGE = "kiosk.domain.policy"
CODE = ROOT / "kiosk" / "domain" / "policy"
TESTS = ROOT / "tests" / "domain" / "policy"
ELSEWHERE = ("file", "schema_org")  # these read a merchant's files; they decide nothing
FIRST = "test_bounds_of_parameters.py"  # kills most that the vectors leave
SLOW = ("test_policy_properties.py",)
BLIND = (
    "test_policy_vectors.py",
    "test_kiosk_and_centre_agree.py",
)  # heard before; agrees with itself
KNOWN = Path(__file__).with_name("equivalent.toml")
FLOOR = 95
SECONDS = 60
MEMORY = 3 << 30
ALIVE, DEAD = 0, 1


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
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain"]
    return pytest.main([*options, *chosen]) == pytest.ExitCode.OK


def _survives(mutant: Mutant, quickly: bool) -> bool:
    """In the forked process; whatever goes wrong kills the mutant."""
    random.seed(mutant.after)
    sys.meta_path.insert(0, Finder(mutant))
    files = sorted(TESTS.glob("test_*.py"))
    quick = [file for file in files if file.name not in (*SLOW, *BLIND)]
    slow = [file for file in files if file.name in SLOW]
    return (
        _vectors_hold()
        and _tests_hold([TESTS / FIRST])
        and _tests_hold(quick)
        and (quickly or _tests_hold(slow))
    )


def _child(mutant: Mutant, quickly: bool) -> int:
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        return ALIVE if _survives(mutant, quickly) else DEAD
    except BaseException:  # noqa: BLE001 - a mutant may raise anything at all
        return DEAD


def survives(mutant: Mutant, quickly: bool = False) -> bool:
    """Whether no test notices it. Nothing of the policy is loaded in this process."""
    pid = os.fork()
    if pid == 0:
        os._exit(_child(mutant, quickly))
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) == ALIVE


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


def modules(only: str) -> list[tuple[str, Path]]:
    """Rules first, then what they stand on."""
    files = [
        file
        for file in CODE.rglob("*.py")
        if file.relative_to(CODE).parts[0] not in ELSEWHERE and only in str(file)
    ]
    files.sort(key=lambda file: (file.parent.name != "rules", file.name))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [(name.removesuffix(".__init__"), file) for name, file in zip(names, files, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="a part of a file's path")
    parser.add_argument("--minutes", type=float, default=0, help="stop after so many")
    parser.add_argument("--quick", action="store_true", help="without the properties")
    asked = parser.parse_args()
    known = {
        (e["module"], e["before"], e["after"]) for e in tomllib.loads(KNOWN.read_text())["mutant"]
    }
    if importlib.util.find_spec("cosmic_ray") is None:
        sys.exit("needs cosmic-ray; run: make mutate")
    prepare()
    if not survives(unchanged(), asked.quick):
        sys.exit("the tests fail without any change; mend that first")
    until = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")
    tried = killed = excused = 0
    wrong: list[str] = []
    met: set[tuple[str, str, str]] = set()
    with ThreadPoolExecutor(asked.workers) as pool:
        for module, path in modules(asked.only):
            if time.monotonic() > until:
                print(f"{module}: not reached")
                continue
            all_of_it = list(mutants(module, path))
            left = []
            for mutant, lives in zip(
                all_of_it, pool.map(partial(survives, quickly=asked.quick), all_of_it), strict=True
            ):
                name = (mutant.module, mutant.before, mutant.after)
                met.add(name)
                if name in known:
                    excused += 1
                    wrong += [] if lives else [f"a test kills {name}, which is no equivalent"]
                elif lives:
                    left.append(mutant)
                tried += name not in known
                killed += name not in known and not lives
            counted = sum((m.module, m.before, m.after) not in known for m in all_of_it)
            share = 100 * (counted - len(left)) / counted if counted else 100.0
            print(f"{module}: {counted - len(left)} of {counted} killed, {share:.1f} %", flush=True)
            for mutant in left:
                print(
                    f"  line {mutant.line}: {mutant.before}\n      lives as: {mutant.after}",
                    flush=True,
                )
    wrong += [
        f"fits no mutant: {name}" for name in known - met if not (asked.only or asked.minutes)
    ]
    score = 100 * killed / tried if tried else 100.0
    print(f"all: {killed} of {tried} killed, {score:.1f} %; {excused} equivalent")
    print("\n".join(wrong))
    sys.exit(1 if wrong or score < FLOOR else 0)


if __name__ == "__main__":
    main()
