"""What is held of a badge and of a PIN, as both ends make it."""

from __future__ import annotations

import pytest

from kiosk.domain.codes import badge_code, parse
from kiosk.domain.codes.model import BadgeCode, PickUpCode
from kiosk.domain.counter import pick_up
from kiosk.domain.staff import badges
from kiosk.seal import pins

PEPPER = bytes(range(32))


def badge(value: int) -> BadgeCode:
    found = parse(badge_code(value), badge_code(value).encode(), "")
    assert isinstance(found, BadgeCode)
    return found


def test_a_badge_is_known_again_and_no_other_is() -> None:
    held = badges.digest(badge(7), PEPPER)
    assert held == badges.digest(badge(7), PEPPER)
    assert held != badges.digest(badge(8), PEPPER)
    assert held != badges.digest(badge(7), bytes(32))


def test_a_badges_digest_is_no_pick_up_codes() -> None:
    secret = badge(7).secret
    assert badges.digest(badge(7), PEPPER) != pick_up.digest(PickUpCode(secret), PEPPER)


def test_a_pin_matches_its_own_verifier_alone() -> None:
    made = pins.make("270915", bytes(16))
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert pins.matches(made, "270915")
    assert not pins.matches(made, "270916")


def test_what_is_no_verifier_matches_nothing() -> None:
    assert not pins.matches("", "")
    assert not pins.matches("270915", "270915")
    with pytest.raises(ValueError, match="16 bytes"):
        pins.make("270915", b"")
