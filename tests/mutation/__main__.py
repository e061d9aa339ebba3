"""`make mutate`: change the policy's code in every small way, and see whether a test fails.

    python -m tests.mutation [--workers N] [--only PART ...] [--minutes N] [--quick]

Prints every survivor as it is found and a table at the end. A survivor that no test can kill
stands in equivalent.toml with the reason; an entry there that a test does kill, or that fits no
mutant, is a mistake, and so is a score below 95 %. `--quick` leaves the properties out, which
kill little that nothing else kills. Needs cosmic-ray, which `make mutate` installs.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.mutation import scoring
from tests.mutation.mutants import mutants
from tests.mutation.scoring import Tally
from tests.mutation.trying import CODE, ROOT, TESTS, Fate, fate, prepare, unchanged

ELSEWHERE = ("file", "schema_org")  # these read a merchant's files; they decide nothing
FLOOR = 95


def modules(only: list[str]) -> list[tuple[str, Path]]:
    """Rules first, then what they stand on."""
    files = [
        file
        for file in CODE.rglob("*.py")
        if file.relative_to(CODE).parts[0] not in ELSEWHERE
        and any(part in str(file) for part in only)
    ]
    files.sort(key=lambda file: (file.parent.name != "rules", file.name))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [(name.removesuffix(".__init__"), file) for name, file in zip(names, files, strict=True)]


def state() -> str:
    """Of everything that is tried here; who edits meanwhile gets the score of no one state."""
    found = hashlib.sha256()
    for folder in (CODE.parent, TESTS, TESTS.parent / "vectors" / "policy"):
        for file in sorted((*folder.rglob("*.py"), *folder.rglob("*.toml"))):
            found.update(file.read_bytes())
    return found.hexdigest()


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="+", default=[""], help="parts of files' paths")
    parser.add_argument("--minutes", type=float, default=0, help="stop after so many")
    parser.add_argument("--quick", action="store_true", help="without the properties")
    return parser.parse_args()


def main() -> None:
    wish = asked()
    if importlib.util.find_spec("cosmic_ray") is None:
        sys.exit("needs cosmic-ray; run: make mutate")
    began, before = time.monotonic(), state()
    prepare()
    if fate(unchanged(), wish.quick) is not Fate.ALIVE:
        sys.exit("the tests fail without any change; mend that first")
    listed, met, tallies = scoring.known(), set(), []
    with ThreadPoolExecutor(wish.workers) as pool:
        for module, path in modules(wish.only):
            if wish.minutes and time.monotonic() > began + 60 * wish.minutes:
                print(f"{module}: not reached")
                continue
            all_of_it = list(mutants(module, path))
            tally = Tally(module)
            tallies.append(tally)
            fates = pool.map(partial(fate, quickly=wish.quick), all_of_it)
            for mutant, what in zip(all_of_it, fates, strict=True):
                met.add(scoring.name(mutant))
                tally.count(mutant, what, scoring.name(mutant) in listed)
            print(f"{module}: {tally.killed} of {tally.counting} killed", flush=True)
            print(*tally.told(), sep="\n", end="\n" if tally.survivors else "", flush=True)
    print(*scoring.table(tallies), sep="\n")
    print(f"took {(time.monotonic() - began) / 60:.0f} minutes with {wish.workers} at a time")
    wrong = [line for tally in tallies for line in tally.wrong]
    wrong += scoring.unmet(listed, met)
    if state() != before:
        wrong.append("the code or its tests were edited meanwhile; run it again")
    print(*wrong, sep="\n")
    score = scoring.together("all", tallies).score
    sys.exit(1 if wrong or score < FLOOR else 0)


if __name__ == "__main__":
    main()
