"""A merchant's look from the centre to the shopper: published, pulled, on screen and paper."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
import pytest

from kiosk.app.drop_off import DropOff
from kiosk.app.printing import Receipts
from kiosk.app.receipt import document
from kiosk.domain.codes import bag_code, short_code
from kiosk.domain.look import Look, Theme
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.flows.model import Asking, Comfort, Session
from kiosk.ports import Scanned, Symbology, Text
from kiosk.words import words
from kiosk.world import SystemIds
from sync.central import policy
from sync.wire import codec
from tests.sync.boxes import facts, publish, rejected
from tests.sync.conftest import BUNDLE_KEY, MERCHANT, authorisation
from tests.sync.forging import Forger
from ui.paper import application, rasterise, to_png
from ui.screens import shown
from ui.theme import load

LOOK = {
    "receipt": {
        "header": {"de": ["Seit 1962"], "en": ["Since 1962"]},
        "footer": {"de": ["Wir erstatten binnen vierzehn Tagen."], "en": ["Refund in 14 days."]},
    },
    "theme": {
        "light": {"accent": "#4B2A86"},
        "logo": {"width": 200, "height": 80, "paths": ["M0 0H200V80H0Z"]},
    },
    "questions": {
        "strap": {
            "ask": {"de": "Ist der Gurt dabei?", "en": "Is the strap here?"},
            "answers": {"whole": {"de": "Ja, ganz", "en": "Yes, whole"}},
        }
    },
}
RULES = [
    {
        "rule": "condition",
        "id": "strap",
        "question": "strap",
        "accept": ["whole"],
        "refuse": ["torn"],
    }
]


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


def put(centre, look):
    policy.put_merchant(centre.database, "acme", MERCHANT, RULES, look)


def test_it_is_on_the_screen_and_on_the_paper_of_that_merchants_return(box, centre, clock):
    put(centre, LOOK)
    mine = replace(authorisation("R1"), short_code=short_code(7))
    policy.put_authorisations(centre.database, "acme", [mine])
    publish(centre)
    box.settle()
    me = box.me
    drop_off = DropOff(box.store, clock, SystemIds(), "K1", me.device_id, me.key, lambda: False)
    drop = drop_off.check("visit-1", short_code(7))
    item, ask = drop.asking()

    session = Session(screen=Asking(drop, item, ask.question), comfort=Comfort("de"))
    props = shown(session, words("de")).props
    assert props["title"] == "Ist der Gurt dabei?"
    assert [answer["label"] for answer in props["answers"]] == ["Ja, ganz", "Torn"]
    theme = load(props["theme"])
    assert theme.roles(high_contrast=False)["accent"] == "#4B2A86"
    assert theme.roles(high_contrast=True) == load("takeback").roles(high_contrast=True)
    assert theme.logo.width == 200

    answered = drop_off.reconsider(drop, replace(item, answers={"strap": "whole"}))
    bag = bag_code(1)
    scan = Scanned(bag, bag.encode(), Symbology.QR, "]Q1", "test", 0.0)
    promise = drop_off.commit(answered, scan)
    again = Receipts(box.store, clock).load(promise.drop_number)
    for told in (promise, again):  # the ledger alone tells it again
        head, *rest = document(told, words("de"), "UTC", "").blocks
        assert (head.paths, head.name) == (("M0 0H200V80H0Z",), MERCHANT.name)
        said = [one.text for one in rest if texts(one)]
        assert said[0] == "Seit 1962"
        assert said[-1] == "Wir erstatten binnen vierzehn Tagen."
    assert again.merchant.look.theme == Theme(logo=theme.logo)  # what paper needs, no more
    assert again.merchant.look.questions == ()
    kept = application()
    assert to_png(rasterise(document(promise, words("de"), "UTC", ""), 576, 203))[1:4] == b"PNG"
    del kept


def texts(block):
    return isinstance(block, Text)


def test_a_change_of_look_alone_is_a_bundle_and_reaches_the_kiosk(box, centre, clock):
    put(centre, {})
    publish(centre)
    box.settle()
    assert box.store.policy.current().merchants["linden"].look.theme is None
    put(centre, LOOK)
    publish(centre)
    clock.advance(minutes=7)
    box.settle()
    assert box.store.policy.current().merchants["linden"].look.theme is not None
    assert facts(centre, "takeback.policy.look_refused.v1") == []


@pytest.mark.parametrize(
    ("look", "problem"),
    [
        ({"theme": {"light": {"accent": "#FFFF00"}}}, "linden, theme.light.accent: has a contrast"),
        ({"receipt": {"header": {"en": ["\x1bp"]}}}, "linden, receipt.header.en[0]: holds U+001B"),
        ({"theme": {"light": {"accent": "#" * (1 << 20)}}}, "linden, look: holds more than"),
    ],
)
def test_the_centre_publishes_no_bad_look(centre, look, problem):
    put(centre, look)
    made = policy.publish(centre.database, centre.clock, "acme", BUNDLE_KEY)
    assert isinstance(made, policy.NotPublished)
    assert made.problems[0].startswith(problem)


def test_a_look_that_is_good_no_more_stops_no_renewal(box, centre, clock):
    """After a change of the house's colours: bundles go on, and kiosks leave out what is bad."""
    put(centre, {})
    publish(centre)
    put(centre, {**LOOK, "theme": {"light": {"accent": "#FFFF00"}}})
    clock.advance(hours=7)
    renewed = policy.renew(centre.database, clock, "acme", BUNDLE_KEY)
    assert renewed is not None
    box.settle()
    look = box.store.policy.current().merchants["linden"].look
    assert look.theme is None
    assert look.receipt.header.exactly("en") == ("Since 1962",)
    box.settle()
    [told] = facts(centre, "takeback.policy.look_refused.v1")
    assert told["number"] == renewed.number


def test_a_theme_of_a_megabyte_is_passed_over_and_told_and_the_rules_serve(box, centre, clock):
    """What a shop looks like must never keep its rules from being followed."""
    publish(centre)
    box.settle()
    forger = Forger(centre, 2)
    merchant = msgspec.to_builtins(MERCHANT)
    heavy = {"theme": {"light": {"accent": "#" + "4B" * (1 << 19)}}}
    rules = {"linden": [{"rule": "allow", "id": "all"}]}
    said = {"merchants": [merchant], "rules": rules, "looks": {"linden": heavy}}
    forger.plant(forger.policy(**said), forger.whole(authorisation("R1")))
    clock.advance(minutes=7)
    box.settle()
    assert rejected(centre) == []
    serving = box.store.policy.current()
    assert serving.number == 2
    assert serving.merchants["linden"].look == Look()
    assert [rule.rule_id for rule in serving.policy_for("linden").rules] == ["all"]
    [told] = facts(centre, "takeback.policy.look_refused.v1")
    assert (told["number"], told["merchant_id"]) == (2, "linden")
    assert "more than 65536 characters" in told["problems"][0]


@dataclass(frozen=True)
class MerchantOfOld:
    merchant_id: str
    name: str
    support: str
    timezone: str
    theme: str = ""


@dataclass(frozen=True)
class ContentOfOld:
    """What a kiosk of before looks reads."""

    number: int
    audience: str
    merchants: tuple[MerchantOfOld, ...]
    rules: dict[str, tuple[dict[str, object], ...]]


def test_kiosks_of_before_read_bundles_of_now():
    content = PolicyContent(7, "a", (MERCHANT,), {"linden": ()}, (), looks={"linden": LOOK})
    old = codec.decode(codec.encode(content), ContentOfOld)
    assert old is not None
    assert old.merchants[0].name == MERCHANT.name
