"""Why a verdict came so: a sentence for every fate and a name for every dimension."""

from __future__ import annotations

import pytest

from kiosk.domain.policy.condition import Checked
from kiosk.domain.policy.explain import Fate, Step
from kiosk.domain.policy.spelling import DIMENSIONS
from kiosk.words import dimensions, explaining, words

LANGUAGES = sorted(words("en").languages())


def step(fate, *checked):
    return Step("r", "allow", 0, fate, tuple(Checked(*one) for one in checked), None, "other")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fate_and_every_dimension(language):
    say = words(language)
    assert len({explaining.step(say, step(fate)) for fate in Fate}) == len(Fate)
    names = [dimensions.name(say, key) for key in (*DIMENSIONS, "answer", "unknown")]
    assert len(set(names)) == len(names)
    assert not any("_" in name for name in names)


@pytest.mark.parametrize(
    ("checked", "says"),
    [
        (("when.value", "5000 to 1000000000000 EUR", "4990 EUR", False),
         "Price of one: €49.90. The rule wants: at least €50.00."),
        (("when.value", "0 to 5000 EUR", "", None),
         "Price of one: nobody knows. The rule wants: at most €50.00."),
        (("when.any[0].weight", "100 to 200", "90", False),
         "Weight: 90\u00a0g. The rule wants: 100\u00a0g to 200\u00a0g."),
        (("when.discount", "5000 to 1000000000", "0", False),
         "Reduced by: 0\u00a0%. The rule wants: at least 50\u00a0%."),
        (("when.ordered", "2026-01-01 to 9999-12-31", "2025-12-31", False),
         "Day of the order: December 31, 2025. The rule wants: at least January 1, 2026."),
        (("when.offline", "yes", "no", False), "Without the centre: No. The rule wants: Yes."),
        (("when.answer", "condition: used", "", None),
         "Answer: nobody knows. The rule wants: condition: used."),
        (("when.unknown", "weight, hazard", "", False),
         "Not known: not given. The rule wants: Weight, Hazard."),
        (("when.category", "from a to b", "c to d", False),
         "Category: c to d. The rule wants: from a to b."),
    ],
)  # fmt: skip
def test_comparisons_in_words(checked, says):
    assert list(explaining.checks(words("en"), step(Fate.ELSEWHERE, checked))) == [says]


def test_only_what_made_it_so_is_told():
    held, failed = ("when.category", "a", "a", True), ("when.tag", "b", "", False)
    denied = ("when.not.country", "DE", "DE", True)
    told = list(explaining.checks(words("en"), step(Fate.ELSEWHERE, held, failed, denied)))
    assert [one.partition(":")[0] for one in told] == ["Tags", "Country of the delivery"]
    assert list(explaining.checks(words("en"), step(Fate.DECIDED, held, failed))) == []
