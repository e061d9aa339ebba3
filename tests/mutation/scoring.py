"""What came of the mutants, module by module, as a table and a verdict."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.trying import PACKAGE, Fate

KNOWN = Path(__file__).with_name("equivalent.toml")
Name = tuple[str, str, str]


def name(mutant: Mutant) -> Name:
    return mutant.module, mutant.before, mutant.after


def known() -> set[Name]:
    """The mutants that no test can kill."""
    listed = tomllib.loads(KNOWN.read_text("utf-8"))["mutant"]
    return {(one["module"], one["before"], one["after"]) for one in listed}


@dataclass
class Tally:
    """One module. `late` are among the killed; `wrong` are entries of equivalent.toml that a
    test kills."""

    module: str
    killed: int = 0
    late: int = 0
    equivalent: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def count(self, mutant: Mutant, fate: Fate, listed: bool) -> None:
        if listed:
            self.equivalent += 1
            if fate is not Fate.ALIVE:
                self.wrong.append(f"a test kills {name(mutant)}, which is no equivalent")
        elif fate is Fate.ALIVE:
            self.survivors.append(mutant)
        else:
            self.killed += 1
            self.late += fate is Fate.LATE

    @property
    def counting(self) -> int:
        return self.killed + len(self.survivors)

    @property
    def score(self) -> float:
        return 100 * self.killed / self.counting if self.counting else 100.0

    def told(self) -> Iterator[str]:
        """The survivors, for whoever writes the missing test."""
        for mutant in self.survivors:
            yield f"  line {mutant.line}: {mutant.before}\n      lives as: {mutant.after}"


def together(title: str, tallies: Sequence[Tally]) -> Tally:
    return Tally(
        title,
        killed=sum(one.killed for one in tallies),
        late=sum(one.late for one in tallies),
        equivalent=sum(one.equivalent for one in tallies),
        survivors=[mutant for one in tallies for mutant in one.survivors],
    )


def table(tallies: Sequence[Tally]) -> Iterator[str]:
    """One row a module that has mutants, then the rules, the rest and all of them."""
    yield (
        f"{'module':24}{'mutants':>9}{'killed':>8}{'late':>6}{'equivalent':>12}"
        f"{'survived':>10}{'%':>7}"
    )
    rules = [one for one in tallies if one.module.startswith(f"{PACKAGE}.rules")]
    rest = [one for one in tallies if one not in rules]
    sums = [
        together(title, some)
        for title, some in (("= rules", rules), ("= the rest", rest), ("= all", tallies))
    ]
    for one in (*tallies, *sums):
        total = one.counting + one.equivalent
        if total:
            short = one.module.removeprefix(f"{PACKAGE}.")
            yield (
                f"{short:24}{total:9}{one.killed:8}{one.late:6}{one.equivalent:12}"
                f"{len(one.survivors):10}{one.score:7.1f}"
            )


def unmet(listed: set[Name], met: Iterable[Name]) -> list[str]:
    """Entries that fit no mutant of the modules tried."""
    met = set(met)
    modules = {module for module, _, _ in met}
    return [f"fits no mutant: {one}" for one in sorted(listed - met) if one[0] in modules]
