"""Merchants' looks out of a bundle: used as far as they are good, and told where they are not."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.domain.look import Look
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Merchant

GOOD = {
    "receipt": {"header": {"en": ["Since 1962"]}},
    "theme": {"light": {"accent": "#4B2A86"}},
    "questions": {"strap": {"ask": {"en": "Is the strap here?"}}},
}
FAINT = {**GOOD, "theme": {"light": {"accent": "#FFFF00"}}}
MERCHANT = Merchant("M-1", "Schuhhaus", "help@example.org", "Europe/Berlin")
RULES = {"M-1": ({"rule": "allow", "id": "all"},)}


def content(number, **looks):
    return PolicyContent(number, "test", (MERCHANT,), RULES, (), looks=looks)


def refused(store):
    """(bundle, merchant, problems) of every look that was not used, in order."""
    events = store.outbox.next_batch(100, 1 << 20).events
    told = [event.data for event in events if event.type == "takeback.policy.look_refused.v1"]
    return [(one["number"], one["merchant_id"], tuple(one["problems"])) for one in told]


def test_a_good_look_is_used_at_once_and_after_a_restart(shelf, store):
    shelf.install(store, 1, content=content(1, **{"M-1": GOOD}))
    for again in (False, True):
        if again:
            store.close()
            store = shelf.open()
        look = store.policy.current().merchants["M-1"].look
        assert look.receipt.header.exactly("en") == ("Since 1962",)
        assert dict(look.theme.light) == {"accent": "#4B2A86"}
        assert look.question("strap") is not None
    assert refused(store) == []


def test_a_bad_theme_is_the_houses_and_told_while_the_rules_and_the_rest_serve(shelf, store):
    shelf.install(store, 1, content=content(1, **{"M-1": FAINT}))
    policy = store.policy.current()
    assert policy.number == 1
    assert [rule.rule_id for rule in policy.policy_for("M-1").rules] == ["all"]
    assert policy.merchants["M-1"].look.theme is None
    assert policy.merchants["M-1"].look.receipt.header.exactly("en") == ("Since 1962",)
    [(number, merchant, problems)] = refused(store)
    assert (number, merchant) == (1, "M-1")
    assert "theme.light.accent: has a contrast of" in problems[0]


def test_the_same_fault_is_told_once_and_another_one_anew(shelf, store):
    shelf.install(store, 1, content=content(1, **{"M-1": FAINT}))
    shelf.install(store, 2, content=content(2, **{"M-1": FAINT}))
    shelf.apply(store, 3, content=content(3, **{"M-1": GOOD}))
    shelf.apply(store, 4, content=content(4, **{"M-1": FAINT}))
    assert [number for number, _, _ in refused(store)] == [1, 4]


@pytest.mark.parametrize(
    "told",
    [
        {"theme": {"light": {"accent": "#" + "4" * (1 << 20)}}},
        {"theme": {"logo": {"width": 10, "height": 10, "paths": ["M0 0" + "L9 9" * 300_000]}}},
        {"receipt": {"header": {"en": ["A" * 1000] * 5000}}},
        {"receipt": {"header": {f"x{n}": ["A"] for n in range(100_000)}}},
    ],
    ids=["colour", "logo", "lines", "languages"],
)
def test_a_look_of_megabytes_is_passed_over_and_told_in_one_line(shelf, store, told):
    shelf.install(store, 1, content=content(1, **{"M-1": told}))
    assert store.policy.current().merchants["M-1"].look == Look()
    [(_, _, problems)] = refused(store)
    assert problems == ("look: holds more than 65536 characters, or nests too deep",)


def test_many_faults_are_told_in_a_few(shelf, store):
    wrong = {"theme": {"light": {f"role{n}" + "x" * 400: "#000000" for n in range(100)}}}
    shelf.install(store, 1, content=content(1, **{"M-1": wrong}))
    [(_, _, problems)] = refused(store)
    assert len(problems) <= 20
    assert max(map(len, problems)) <= 200


def test_a_look_for_nobody_and_one_inside_a_merchant_count_for_nothing(shelf, store):
    told = msgspec.to_builtins(content(1, **{"M-9": FAINT}))
    told["merchants"][0]["look"] = {"receipt": {"header": {"by_language": [["en", ["\x1bp"]]]}}}
    smuggled = msgspec.convert(told, type=PolicyContent)
    shelf.install(store, 1, content=smuggled)
    assert store.policy.current().merchants["M-1"].look == Look()
    assert refused(store) == []


def test_a_content_of_a_centre_that_knows_no_looks_reads_as_before(shelf, store):
    told = msgspec.to_builtins(content(1))
    del told["looks"]
    del told["merchants"][0]["look"]
    shelf.install(store, 1, content=msgspec.convert(told, type=PolicyContent))
    assert store.policy.current().merchants["M-1"] == MERCHANT
