"""How answers are counted, alike for every decoder.

READ: a text that the picture really holds. MISREAD: a returned text that is none of the picture's
truths; one picture may give several. ROUTES: a misread that `kiosk.domain.codes.parse` takes for
one of its codes, so that the kiosk would act upon it. A misread is worse than nothing: `worth` is
read minus ten for each misread, and minus a hundred for each that routes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.bench.environment import percentile
from tests.bench.rivals import NAMES, ZXING, Answer, Said, split


@dataclass(slots=True)
class Tally:
    """One decoder's count. `ms` of every picture, in milliseconds."""

    asked: int = 0
    read: int = 0
    misread: int = 0
    routes: int = 0
    ms: list[float] = field(default_factory=list)

    def add(self, asked: int, read: int, wrong: Iterable[Said], ms: float) -> None:
        wrong = list(wrong)
        self.asked += asked
        self.read += read
        self.misread += len(wrong)
        self.routes += sum(one.routes for one in wrong)
        self.ms.append(ms)

    @property
    def share(self) -> float:
        """Of what was asked, in per cent."""
        return 100 * self.read / self.asked if self.asked else 0.0

    @property
    def worth(self) -> int:
        return self.read - 10 * self.misread - 100 * self.routes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one decoder made of one picture: codes asked for, read, and the wrong texts."""

    asked: int
    read: int
    wrong: tuple[Said, ...]
    ms: float


def judged(answer: Answer, truths: Iterable[object]) -> Outcome:
    """An answer against objects that have `says(said)`."""
    wanted = list(truths)
    right, wrong = split(answer.said, lambda said: any(t.says(said) for t in wanted))  # type: ignore[attr-defined]
    read = sum(any(t.says(said) for said in right) for t in wanted)  # type: ignore[attr-defined]
    return Outcome(len(wanted), read, tuple(wrong), answer.ms)


def tallies(outcomes: Iterable[dict[str, Outcome]]) -> dict[str, Tally]:
    """Sums by decoder."""
    sums = {name: Tally() for name in NAMES}
    for one in outcomes:
        for name, outcome in one.items():
            sums[name].add(outcome.asked, outcome.read, outcome.wrong, outcome.ms)
    return sums


def markdown(header: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table as the docs hold it."""
    names = list(header)
    lines = [f"| {' | '.join(names)} |", "|---|" + "---:|" * (len(names) - 1)]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def summary(sums: dict[str, Tally]) -> list[str]:
    """One line a decoder: counts, times, and its time against zxing-cpp's."""
    base = sums[ZXING]
    head = (
        "decoder",
        "read",
        "of",
        "%",
        "misread",
        "routes",
        "worth",
        "median ms",
        "p95 ms",
        "p95 / zxing-cpp",
    )
    rows = []
    for name, tally in sums.items():
        if not tally.ms:
            continue
        p95 = percentile(tally.ms, 0.95)
        rows.append(
            (
                name,
                f"{tally.read}",
                f"{tally.asked}",
                f"{tally.share:.1f}",
                f"{tally.misread}",
                f"{tally.routes}",
                f"{tally.worth}",
                f"{percentile(tally.ms, 0.5):.0f}",
                f"{p95:.0f}",
                f"{p95 / percentile(base.ms, 0.95):.1f}",
            )
        )
    return markdown(head, rows)
