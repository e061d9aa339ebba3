"""Facts that rules look at, as people call them: every one has a name in every language."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from kiosk.domain.policy.keeping import NO_RULES_BUSINESS
from kiosk.domain.policy.model import Context, Whole
from kiosk.domain.returns import Authorisation, ReturnLine
from kiosk.words import facts, words

PARTS = {"line": ReturnLine, "authorisation": Authorisation, "context": Context, "whole": Whole}
ALONE = ("brought", "already_dropped", "measured_g", "history", "drops", "merchant.timezone")
AMOUNTS = ("line.price.minor", "line.price.currency")
OTHERS = {f"authorisation.{name}" for name in ("history", "drops", "lines", "return_id")}
PATHS = sorted(
    {
        f"{part}.{field.name}"
        for part, kind in PARTS.items()
        for field in fields(kind)
        if field.name not in NO_RULES_BUSINESS | {"line_id"}
    }
    | {*ALONE, *AMOUNTS, *OTHERS}
)


@pytest.mark.parametrize("path", PATHS)
def test_every_fact_has_a_name(path):
    """In Arabic no Latin letter: nothing is told as it is spelled."""
    assert re.search("[A-Za-z_]", facts.name(words("ar"), path)) is None


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        ({"line.price.minor": 4990, "line.price.currency": "EUR"}, "Price of one: €49.90"),
        ({"whole.value": 500, "whole.currency": "EUR"}, "Price of all items brought: €5.00"),
        ({"whole.value": 500}, "Price of all items brought: 500"),
        ({"line.weight_g": 0}, "Weight: not given"),
        ({"line.weight_g": 90}, "Weight: 90\u00a0g"),
        ({"line.tags": "clearance,green"}, "Tags: clearance, green"),
        ({"authorisation.delivered_on": "2025-12-31"}, "Day of the delivery: December 31, 2025"),
        ({"context.offline": "no"}, "Without the centre: No"),
        ({"context.policy_stale": "yes"}, "The rules were old: Yes"),
        ({"context.opening_mm": 450}, "Longest item that fits: 450\u00a0mm"),
        ({"context.evidence": "photo,serial"}, "What can be shown here: Photo, Serial number"),
        ({"line.resolution": "exchange"}, "Way of the refund: As an exchange"),
        ({"line.age": 18}, "Only from this age: 18"),
        ({"answers.condition": "used"}, "What is the condition of this item?: Used"),
        ({"answers.leaking": "a_bit"}, "Answer (leaking): A bit"),
        ({"answers.evidence_photo": "ab" * 32}, "The shop asks for a photo of this item: Photo"),
        ({"answers.evidence_serial": "S1,S2"}, "Type the serial number of this item: S1, S2"),
        ({"context.now": "soon"}, "Judged as of: soon"),
    ],
)  # fmt: skip
def test_a_fact_in_words(seen, says):
    assert [": ".join(pair) for pair in facts.told(words("en"), seen, "Mars/Olympus")] == [says]


def test_the_moment_stands_in_the_merchants_zone_and_what_says_nothing_is_left_out():
    seen = {"context.now": "2025-03-16T01:30:00+00:00", "merchant.timezone": "Europe/Berlin"}
    ((what, when),) = facts.told(words("en"), seen, "Europe/Berlin")
    assert (what, when) == ("Judged as of", "March 16, 2025, 2:30\u202fAM (UTC+01:00)")
